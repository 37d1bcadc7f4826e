package io.velox.core.topk;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;

/**
 * What an item may be worth to a user of whom little is known: {@code o + wᵀf + α √(fᵀ C f)}, with the user's posterior {@code N(w, C)}.
 * Immutable, as long as nobody learns with the learner; safe for use from any thread.
 *
 * <p>Source: Li, Chu, Langford and Schapire 2010, A contextual-bandit approach to personalized news article recommendation.
 */
public final class UpperConfidence {
    private final RidgeLearner learner;
    private final double[] weights;
    private final double alpha;

    /** @param alpha how many standard deviations are granted; at least 0 and finite */
    public UpperConfidence(RidgeLearner learner, double alpha) {
        if (!(alpha >= 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("alpha must be at least 0 and finite, but got " + alpha);
        }
        this.learner = learner;
        this.weights = learner.weights();
        this.alpha = alpha;
    }

    /** Of one item, in O(d²). */
    public double of(FeatureVector f) {
        return f.score(weights) + alpha * Math.sqrt(learner.uncertainty(f));
    }

    double[] weights() {
        return weights;
    }

    double alpha() {
        return alpha;
    }
}
