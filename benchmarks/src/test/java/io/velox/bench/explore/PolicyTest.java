package io.velox.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final FeatureVector LIKED = new FeatureVector(new double[] {1, 0}, 0, 0);
    private static final FeatureVector UNKNOWN = new FeatureVector(new double[] {0, 1}, 0, 0);

    private final SplittableRandom random = new SplittableRandom(1);

    /** A prediction of 2/3 for what is liked and of 0.5 for what is unknown; deviations of √(1/3) and 1. */
    private final RidgeLearner learner = RidgeLearner.atPrior(Prior.mean(new double[] {0, 0.5}, 1), 0.5);

    PolicyTest() {
        learner.learn(LIKED, 1);
    }

    @Test
    void greedyTakesTheHighestPredictionAndOfEqualsTheFirst() {
        assertThat(new Policy.Greedy().choose(learner, List.of(UNKNOWN, LIKED, LIKED), random))
                .isEqualTo(1);
    }

    @Test
    void ucbTakesWhatIsUncertainFromSomeAlphaOn() {
        List<FeatureVector> candidates = List.of(LIKED, UNKNOWN);
        double even = (2 / 3.0 - 0.5) / (1 - Math.sqrt(1 / 3.0));
        assertThat(new Policy.Ucb(0.99 * even).choose(learner, candidates, random))
                .isZero();
        assertThat(new Policy.Ucb(1.01 * even).choose(learner, candidates, random))
                .isOne();
    }

    @Test
    void epsilonIsTheShareOfChoicesAtRandom() {
        assertThat(share(new Policy.EpsilonGreedy(0.2))).isCloseTo(0.1, within(0.02));
        assertThat(share(new Policy.EpsilonGreedy(0))).isZero();
    }

    @Test
    void thompsonTakesEachAsOftenAsItMayBeTheBest() {
        // The difference of both is N(2/3 - 1/2, 1/3 + 1): below 0 with the probability Φ(-0.1443) = 0.4426.
        assertThat(share(new Policy.Thompson())).isCloseTo(0.4426, within(0.03));
    }

    /** Of 10,000 choices, how many were of what is unknown. */
    private double share(Policy policy) {
        int unknown = 0;
        for (int i = 0; i < 10_000; i++) {
            unknown += policy.choose(learner, List.of(LIKED, UNKNOWN), random);
        }
        return unknown / 10_000.0;
    }
}
