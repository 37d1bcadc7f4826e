package io.velox.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {
    private static final Start SERVED = new Start(
            Prior.gaussian(new double[] {1, 3}, PackedSymmetric.pack(new double[][] {{0.2, 0.1}, {0.1, 0.4}})), 0.8);

    @Test
    void theOtherKindsAreTriedWithTheVarianceThatATrainingTakes() {
        assertThat(Start.zero(SERVED))
                .allMatch(start -> start.prior().kind() == PriorKind.ZERO)
                .anySatisfy(start -> {
                    assertThat(start.spread()).isCloseTo(0.3 + (1 + 9) / 2.0, within(1e-12));
                    assertThat(start.noise()).isEqualTo(0.8);
                });
        assertThat(Start.mean(SERVED))
                .allSatisfy(start -> assertThat(start.prior().mean()).containsExactly(1, 3))
                .anySatisfy(start -> {
                    assertThat(start.prior()).isEqualTo(Prior.mean(new double[] {1, 3}, start.spread()));
                    assertThat(start.spread()).isCloseTo(0.3, within(1e-12));
                    assertThat(start.noise()).isEqualTo(0.8);
                });
    }

    @Test
    void theGaussianPriorStaysWhatItIs() {
        assertThat(Start.gaussian(SERVED))
                .allMatch(start -> start.prior().equals(SERVED.prior()))
                .extracting(Start::noise)
                .doesNotHaveDuplicates()
                .contains(0.8)
                .hasSizeGreaterThan(3);
    }

    @Test
    void theErrorIsOverAllTestedRatings() {
        Start start = new Start(Prior.zero(1, 1), 1);
        NewUser one = user(List.of(rated(2)), List.of(rated(1)));
        NewUser other = user(List.of(rated(0)), List.of(rated(3), rated(-2)));
        // After one rating the weight is half of it: 1 and 0.
        double[] rmse = start.rmse(List.of(one, other), List.of(0, 1));
        assertThat(rmse[0]).isCloseTo(Math.sqrt((1 + 9 + 4) / 3.0), within(1e-12));
        assertThat(rmse[1]).isCloseTo(Math.sqrt((0 + 9 + 4) / 3.0), within(1e-12));
    }

    @Test
    void theBestHasTheLeastErrorOnTheUsersItIsChosenBy() {
        NewUser faithful = user(List.of(rated(2)), List.of(rated(2)));
        NewUser fickle = user(List.of(rated(2)), List.of(rated(0)));
        Start trusting = new Start(Prior.zero(1, 1), 0.1);
        Start doubting = new Start(Prior.zero(1, 1), 10);
        List<Start> both = List.of(trusting, doubting);
        assertThat(Start.best(both, List.of(faithful), List.of(0, 1))).isEqualTo(trusting);
        assertThat(Start.best(both, List.of(fickle), List.of(0, 1))).isEqualTo(doubting);
    }

    @Test
    void nobodyToJudgeByIsRefused() {
        assertThatThrownBy(() -> SERVED.rmse(List.of(), List.of(0))).hasMessageContaining("must be users");
    }

    private static NewUser user(List<NewUser.Rated> learnt, List<NewUser.Rated> tested) {
        return new NewUser(learnt, tested);
    }

    private static NewUser.Rated rated(double label) {
        return new NewUser.Rated(new FeatureVector(new double[] {1}, 0, 0), label);
    }
}
