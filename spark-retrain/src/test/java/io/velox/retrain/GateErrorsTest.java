package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.Prior;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GateErrorsTest {
    private static final GateErrors.Side CANDIDATE = side(2, 4, 0.5, 0, 1, 2, 3);
    private static final GateErrors.Side LIVE = side(-1, 3, 2, 0, 1, 4);

    @Test
    void bothAreJudgedByTheRatingsOfItemsThatBothKnow() {
        GateErrors errors = new GateErrors();
        errors.add(user(new int[] {0, 2}, 1, 3, 4), CANDIDATE, LIVE);

        assertThat(errors.metrics())
                .containsEntry("gate.ratings", 1.0)
                .containsEntry("gate.onlyCandidate", 1.0)
                .hasEntrySatisfying("gate.candidateRmse", rmse -> assertThat(rmse)
                        .isCloseTo(Math.abs(5 - (4 + weight(2, 0.5, 4 - 4, 4 - 4) * 2)), within(1e-9)))
                .hasEntrySatisfying("gate.liveRmse", rmse -> assertThat(rmse)
                        .isCloseTo(Math.abs(5 - (3 + weight(-1, 2, 4 - 3) * -1)), within(1e-9)));
    }

    @Test
    void withoutSuchARatingThereAreNoErrors() {
        GateErrors errors = new GateErrors();
        errors.add(user(new int[] {0}, 2), CANDIDATE, LIVE);
        errors.add(user(new int[] {0}), CANDIDATE, LIVE);

        assertThat(errors.metrics()).containsExactly(entry("gate.onlyCandidate", 1.0), entry("gate.ratings", 0.0));
    }

    /** The only weight w of {@code y − o = w q + ε} that is not nearly fixed by the prior: {@code Σ q e/(σ² + Σ q²)}. */
    private static double weight(double q, double noise, double... errors) {
        double sum = 0;
        for (double error : errors) {
            sum += q * error;
        }
        return sum / (noise + errors.length * q * q);
    }

    /** Every rating is of 4, every held-out one of 5. */
    private static HeldOutSplit.Parts user(int[] training, int... heldOut) {
        double[] fours = new double[training.length];
        Arrays.fill(fours, 4);
        double[] fives = new double[heldOut.length];
        Arrays.fill(fives, 5);
        return new HeldOutSplit.Parts(
                new UserRatings("u", 0, training, fours), new UserRatings("u", 0, heldOut, fives));
    }

    /** Items that all have the factor q; the constant's weight is 0 with a variance of nearly 0. */
    private static GateErrors.Side side(float q, float offset, double noise, int... items) {
        float[] offsets = new float[5];
        Arrays.fill(offsets, offset);
        ItemTable table = new ItemTable(1, new Offsets(offsets, false));
        for (int item : items) {
            table.put(item, new float[] {q});
        }
        return new GateErrors.Side(table, Prior.gaussian(new double[2], new double[] {1, 0, 1e-12}), noise);
    }
}
