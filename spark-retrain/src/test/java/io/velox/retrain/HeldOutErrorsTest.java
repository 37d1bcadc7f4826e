package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.Prior;
import org.junit.jupiter.api.Test;

class HeldOutErrorsTest {
    private static final Prior PRIOR = Prior.mean(new double[] {0.5, 0.1}, 2);

    @Test
    void errorsAreThoseOfTheRidgeSolutionOfAlsAndOfThePriorsMean() {
        HeldOutErrors errors = HeldOutErrors.withAls(0.1, 0.25, 4);
        errors.add(user(), items(), PRIOR);

        assertThat(errors.ratings()).isEqualTo(1);
        assertThat(errors.rmseRidge(0)).isCloseTo(Math.abs(5 - (3 + ridge(0.25))), within(1e-9));
        assertThat(errors.rmseRidge(1)).isCloseTo(Math.abs(5 - (3 + ridge(4))), within(1e-9));
        double p = 2 * 1.0 / (4 + 0.1); // one rating: (q² + λ) p = q (y − o)
        assertThat(errors.rmseAls()).isCloseTo(Math.abs(5 - (3 - p)), within(1e-9));
        assertThat(errors.rmsePrior()).isCloseTo(Math.abs(5 - (3 - 0.5 + 0.1)), within(1e-9));
        assertThat(errors.bestNoise()).isEqualTo(0.25);
    }

    @Test
    void itemsThatTrainingDidNotSeeAreLeftOut() {
        HeldOutErrors errors = HeldOutErrors.of(1);
        UserRatings training = new UserRatings("u", 0, new int[] {0}, new double[] {4});
        errors.add(
                new HeldOutSplit.Parts(training, new UserRatings("u", 0, new int[] {2}, new double[] {5})),
                items(),
                PRIOR);

        assertThat(errors.ratings()).isZero();
    }

    @Test
    void mergedErrorsAreThoseOfAllUsers() {
        HeldOutErrors one = HeldOutErrors.of(1);
        one.add(user(), items(), PRIOR);
        HeldOutErrors two = HeldOutErrors.of(1);
        two.add(user(), items(), PRIOR);
        double alone = one.rmseRidge(0);
        one.merge(two);

        assertThat(one.ratings()).isEqualTo(2);
        assertThat(one.rmseRidge(0)).isCloseTo(alone, within(1e-12));
    }

    /** The prediction for f = (−1, 1) after y − o = 1 at f = (2, 1), by the gain {@code S f/(σ² + fᵀ S f)}. */
    private static double ridge(double noise) {
        double error = 1 - (2 * 0.5 + 0.1);
        double gain = 2 / (noise + 2 * 5);
        return -(0.5 + gain * 2 * error) + 0.1 + gain * error;
    }

    private static HeldOutSplit.Parts user() {
        return new HeldOutSplit.Parts(
                new UserRatings("u", 0, new int[] {0}, new double[] {4}),
                new UserRatings("u", 0, new int[] {1}, new double[] {5}));
    }

    private static ItemTable items() {
        ItemTable items = new ItemTable(1, new Offsets(new float[] {3, 3, 3}, false));
        items.put(0, new float[] {2});
        items.put(1, new float[] {-1});
        return items;
    }
}
