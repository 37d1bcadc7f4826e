package io.velox.bench.explore;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import java.util.List;
import java.util.random.RandomGenerator;

/** How one of some candidates is chosen for a user of whom something is known; of equals the first. */
public sealed interface Policy {
    /**
     * The place of the chosen candidate.
     *
     * @param learner what is known of the user
     */
    int choose(RidgeLearner learner, List<FeatureVector> candidates, RandomGenerator random);

    /** As figures are named. */
    String name();

    /** The highest prediction. */
    record Greedy() implements Policy {
        @Override
        public int choose(RidgeLearner learner, List<FeatureVector> candidates, RandomGenerator random) {
            return best(candidates, learner::predict);
        }

        @Override
        public String name() {
            return "greedy";
        }
    }

    /** The highest prediction, but one at random with probability {@code epsilon}. */
    record EpsilonGreedy(double epsilon) implements Policy {
        @Override
        public int choose(RidgeLearner learner, List<FeatureVector> candidates, RandomGenerator random) {
            return random.nextDouble() < epsilon
                    ? random.nextInt(candidates.size())
                    : best(candidates, learner::predict);
        }

        @Override
        public String name() {
            return "epsilon" + epsilon;
        }
    }

    /** The highest {@code prediction + α √(fᵀ C f)}. */
    record Ucb(double alpha) implements Policy {
        @Override
        public int choose(RidgeLearner learner, List<FeatureVector> candidates, RandomGenerator random) {
            return best(candidates, f -> learner.predict(f) + alpha * Math.sqrt(learner.uncertainty(f)));
        }

        @Override
        public String name() {
            return "ucb" + alpha;
        }
    }

    /** The highest prediction of weights that are drawn from the posterior. */
    record Thompson() implements Policy {
        @Override
        public int choose(RidgeLearner learner, List<FeatureVector> candidates, RandomGenerator random) {
            double[] drawn = learner.draw(random);
            return best(candidates, f -> f.score(drawn));
        }

        @Override
        public String name() {
            return "thompson";
        }
    }

    private static int best(List<FeatureVector> candidates, Score score) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            double of = score.of(candidates.get(i));
            if (of > highest) {
                best = i;
                highest = of;
            }
        }
        return best;
    }

    /** What a policy makes the most of. */
    @FunctionalInterface
    interface Score {
        double of(FeatureVector f);
    }
}
