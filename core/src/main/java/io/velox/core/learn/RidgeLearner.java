package io.velox.core.learn;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.List;

/**
 * Online ridge regression of one user's weights: the posterior {@code N(w, C)} of {@code y = o + wᵀf + ε}, {@code ε ~ N(0, σ² + τ)},
 * with prior {@code N(m, S)}.
 *
 * <p>{@link #learn} is a rank-one update in O(d²); the covariance takes d(d+1)/2 doubles. Single writer.
 *
 * <p>Source: Crankshaw et al. 2015, equation (2); Sherman and Morrison 1950.
 */
public final class RidgeLearner {
    /** From this dimension on, and from as many observations, one large solve beats one update per observation. */
    private static final int BATCH_FROM_DIMENSION = 100;

    private final double noise;
    private final double[] weights;
    private final double[] covariance;
    private final double[] gain; // C f, then g: scratch

    private RidgeLearner(double[] weights, double[] packedCovariance, double noise) {
        if (!(noise > 0) || !Double.isFinite(noise)) {
            throw new IllegalArgumentException("noise must be positive and finite, but got " + noise);
        }
        this.noise = noise;
        this.weights = weights;
        this.covariance = packedCovariance;
        this.gain = new double[weights.length];
    }

    /** A user of whom nothing is known yet. */
    public static RidgeLearner atPrior(Prior prior, double noise) {
        return new RidgeLearner(prior.mean(), prior.packedCovariance(), noise);
    }

    /** A user with a history: the same posterior, whatever its order, as learning it one by one. */
    public static RidgeLearner ofHistory(Prior prior, double noise, List<FeatureVector> features, double[] labels) {
        if (prior.dimension() >= BATCH_FROM_DIMENSION && features.size() >= prior.dimension()) {
            return ofHistoryAtOnce(prior, noise, features, labels);
        }
        RidgeLearner learner = atPrior(prior, noise);
        for (int i = 0; i < labels.length; i++) {
            learner.learn(features.get(i), labels[i]);
        }
        return learner;
    }

    /** By the normal equations: {@code C⁻¹ = S⁻¹ + Σ f fᵀ/(σ²+τ)}, {@code w = C (S⁻¹ m + Σ f (y−o)/(σ²+τ))}. */
    static RidgeLearner ofHistoryAtOnce(Prior prior, double noise, List<FeatureVector> features, double[] labels) {
        int d = prior.dimension();
        double[] precision = PositiveDefinite.invert(prior.packedCovariance(), d);
        double[] moment = new double[d];
        PackedSymmetric.multiply(precision, prior.mean(), moment);
        for (int i = 0; i < labels.length; i++) {
            FeatureVector f = features.get(i);
            double weight = 1 / (noise + f.noise());
            PackedSymmetric.addOuter(precision, weight, f.values());
            double target = weight * (labels[i] - f.offset());
            for (int j = 0; j < d; j++) {
                moment[j] += target * f.values()[j];
            }
        }
        double[] covariance = PositiveDefinite.invert(precision, d);
        return new RidgeLearner(PositiveDefinite.solve(precision, moment), covariance, noise);
    }

    /**
     * Learns one observation: {@code g = C f/(σ² + τ + fᵀ C f)}, {@code w ← w + g (y − o − wᵀf)}, {@code C ← C − g (C f)ᵀ}.
     *
     * @param f of the length of the weights
     * @param label finite
     */
    public void learn(FeatureVector f, double label) {
        double[] x = f.values();
        if (x.length != weights.length) {
            throw new IllegalArgumentException(
                    "features must have length " + weights.length + ", but have " + x.length);
        }
        double error = label - f.score(weights);
        PackedSymmetric.multiply(covariance, x, gain);
        double variance = noise + f.noise();
        for (int i = 0; i < x.length; i++) {
            variance += x[i] * gain[i];
        }
        double step = error / variance;
        for (int i = 0; i < weights.length; i++) {
            weights[i] += step * gain[i];
        }
        PackedSymmetric.addOuter(covariance, -1 / variance, gain);
    }

    /** {@code o + wᵀf}. */
    public double predict(FeatureVector f) {
        return f.score(weights);
    }

    /** {@code fᵀ C f}: how uncertain the prediction is because little is known of the user. */
    public double uncertainty(FeatureVector f) {
        return PackedSymmetric.quadratic(covariance, f.values());
    }

    /** A copy of w. */
    public double[] weights() {
        return weights.clone();
    }

    public int dimension() {
        return weights.length;
    }

    /** What this learner keeps, in bytes, for caches that are bounded by them. */
    public long sizeBytes() {
        return 8L * (2L * weights.length + covariance.length) + 96;
    }
}
