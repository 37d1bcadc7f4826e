package io.velox.serving.explore;

import io.velox.core.model.Impression.Policy;

/** By which policy a list is chosen. */
public sealed interface Exploration {
    /** What impressions of the list call it. */
    Policy policy();

    /** Whether it needs to know how uncertain the user's weights are. */
    boolean needsPosterior();

    /** The best by score, as without exploration. */
    record Greedy() implements Exploration {
        @Override
        public Policy policy() {
            return Policy.GREEDY;
        }

        @Override
        public boolean needsPosterior() {
            return false;
        }
    }

    /**
     * Each place is filled, by chance, with an item that is drawn uniformly from all that may be shown, and else with the best by score
     * that is left.
     *
     * @param epsilon the chance, from 0 to 1
     */
    record Epsilon(double epsilon) implements Exploration {
        public Epsilon {
            if (!(epsilon >= 0 && epsilon <= 1)) {
                throw new IllegalArgumentException("epsilon must be from 0 to 1, but got " + epsilon);
            }
        }

        @Override
        public Policy policy() {
            return Policy.EPSILON;
        }

        @Override
        public boolean needsPosterior() {
            return false;
        }
    }

    /**
     * The best by upper confidence bound.
     *
     * @param alpha standard deviations that are added to the score, at least 0
     */
    record Ucb(double alpha) implements Exploration {
        public Ucb {
            if (!(alpha >= 0) || !Double.isFinite(alpha)) {
                throw new IllegalArgumentException("alpha must be at least 0 and finite, but got " + alpha);
            }
        }

        @Override
        public Policy policy() {
            return Policy.UCB;
        }

        @Override
        public boolean needsPosterior() {
            return true;
        }
    }

    /**
     * The best by weights that are drawn from the posterior.
     *
     * @param draws how many lists are drawn beside the one that is shown, to estimate propensities; at least 0
     */
    record Thompson(int draws) implements Exploration {
        public Thompson {
            if (draws < 0) {
                throw new IllegalArgumentException("draws must be at least 0, but got " + draws);
            }
        }

        @Override
        public Policy policy() {
            return Policy.THOMPSON;
        }

        @Override
        public boolean needsPosterior() {
            return true;
        }
    }
}
