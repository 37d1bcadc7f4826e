package io.velox.core.learn;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.linalg.UdFactor;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Online ridge regression of one user's weights: the posterior {@code N(w, C)} of {@code y = o + wᵀf + ε}, {@code ε ~ N(0, σ² + τ)},
 * with prior {@code N(m, S)}.
 *
 * <p>{@link #learn} is a rank-one update in O(d²). The covariance is kept as its factors {@code U D Uᵀ} (see {@link UdFactor}), in
 * d(d+1)/2 doubles. Single writer.
 *
 * <p>Source: Crankshaw et al. 2015, equation (2); Sherman and Morrison 1950; Bierman 1976.
 */
public final class RidgeLearner {
    /** From this dimension on, and from so many observations per dimension, one large solve beats one update per observation. */
    static final int BATCH_FROM_DIMENSION = 100;

    static final int BATCH_FROM_OBSERVATIONS_PER_DIMENSION = 4;

    /** The normal equations lose as many digits as this has; beyond it observations are learnt one by one. */
    private static final double MAX_CONDITION = 1e5;

    private final double noise;
    private final double[] weights;
    private final double[] covariance; // as factors
    private final double[] gain; // scratch

    private RidgeLearner(double[] weights, double[] covarianceFactor, double noise) {
        this.noise = noise;
        this.weights = weights;
        this.covariance = covarianceFactor;
        this.gain = new double[weights.length];
    }

    /** A user of whom nothing is known yet. */
    public static RidgeLearner atPrior(Prior prior, double noise) {
        if (!(noise > 0) || !Double.isFinite(noise)) {
            throw new IllegalArgumentException("noise must be positive and finite, but got " + noise);
        }
        return new RidgeLearner(prior.mean(), prior.covarianceFactor(), noise);
    }

    /** A user with a history: the same posterior, whatever its order, as learning it one by one. */
    public static RidgeLearner ofHistory(Prior prior, double noise, List<FeatureVector> features, double[] labels) {
        if (features.size() != labels.length) {
            throw new IllegalArgumentException(
                    "features and labels must be as many, but are " + features.size() + " and " + labels.length);
        }
        RidgeLearner learner = atPrior(prior, noise);
        int d = learner.dimension();
        if (d >= BATCH_FROM_DIMENSION && labels.length >= BATCH_FROM_OBSERVATIONS_PER_DIMENSION * d) {
            Optional<RidgeLearner> atOnce = ofHistoryAtOnce(prior, learner, features, labels);
            if (atOnce.isPresent()) {
                return atOnce.get();
            }
        }
        for (int i = 0; i < labels.length; i++) {
            learner.learn(features.get(i), labels[i]);
        }
        return learner;
    }

    /**
     * By the normal equations: {@code C⁻¹ = S⁻¹ + Σ f fᵀ/(σ²+τ)}, {@code w = m + C Σ f (y − o − mᵀf)/(σ²+τ)}.
     *
     * @return empty where they are too ill-conditioned for nine digits
     */
    private static Optional<RidgeLearner> ofHistoryAtOnce(
            Prior prior, RidgeLearner start, List<FeatureVector> features, double[] labels) {
        int d = prior.dimension();
        Optional<double[]> inverse = invertIfWellConditioned(prior.packedCovariance(), d);
        if (inverse.isEmpty()) {
            return Optional.empty();
        }
        double[] precision = inverse.get();
        double[] moment = new double[d];
        for (int i = 0; i < labels.length; i++) {
            FeatureVector f = features.get(i);
            double error = start.checkedError(f, labels[i]);
            double weight = 1 / (start.noise + f.noise());
            PackedSymmetric.addOuter(precision, weight, f.values());
            for (int j = 0; j < d; j++) {
                moment[j] += weight * error * f.values()[j];
            }
        }
        return invertIfWellConditioned(precision, d).map(covariance -> {
            double[] weights = new double[d];
            PackedSymmetric.multiply(covariance, moment, weights);
            double[] mean = start.weights;
            for (int i = 0; i < d; i++) {
                weights[i] += mean[i];
            }
            return new RidgeLearner(weights, UdFactor.of(covariance, d), start.noise);
        });
    }

    private static Optional<double[]> invertIfWellConditioned(double[] a, int d) {
        double[] inverse;
        try {
            inverse = PositiveDefinite.invert(a, d);
        } catch (IllegalArgumentException e) { // singular to working precision
            return Optional.empty();
        }
        double condition = PackedSymmetric.maxRowSum(a, d) * PackedSymmetric.maxRowSum(inverse, d);
        return condition <= MAX_CONDITION ? Optional.of(inverse) : Optional.empty();
    }

    /**
     * Learns one observation: {@code g = C f/(σ² + τ + fᵀ C f)}, {@code w ← w + g (y − o − wᵀf)}, {@code C ← C − g (C f)ᵀ}.
     *
     * @param f of the length of the weights
     * @param label finite
     * @throws IllegalArgumentException if either is not so; nothing is learnt then
     */
    public void learn(FeatureVector f, double label) {
        double error = checkedError(f, label);
        double step = error / UdFactor.observe(covariance, f.values(), noise + f.noise(), gain);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += step * gain[i];
        }
    }

    private double checkedError(FeatureVector f, double label) {
        if (f.dimension() != weights.length) {
            throw new IllegalArgumentException(
                    "features must have length " + weights.length + ", but have " + f.dimension());
        }
        double error = label - f.score(weights);
        if (!Double.isFinite(error) || !(f.noise() >= 0) || !Double.isFinite(f.noise())) {
            throw new IllegalArgumentException(
                    "label, features, offset and noise must be finite, and noise not negative, but label is " + label
                            + ", offset " + f.offset() + ", noise " + f.noise() + " and the prediction "
                            + f.score(weights));
        }
        return error;
    }

    /** {@code o + wᵀf}. */
    public double predict(FeatureVector f) {
        return f.score(weights);
    }

    /** {@code fᵀ C f}: how uncertain the prediction is because little is known of the user. */
    public double uncertainty(FeatureVector f) {
        return UdFactor.quadratic(covariance, f.values());
    }

    /** A packed copy of C (see {@link PackedSymmetric}), in O(d³). */
    public double[] covariance() {
        return UdFactor.product(covariance, weights.length);
    }

    /** {@code C x}, of the length of the weights. */
    public double[] covarianceTimes(double[] x) {
        return UdFactor.times(covariance, x);
    }

    /** Weights drawn from {@code N(w, C)}. */
    public double[] draw(RandomGenerator random) {
        double[] normal = new double[weights.length];
        for (int i = 0; i < normal.length; i++) {
            normal[i] = random.nextGaussian();
        }
        double[] drawn = UdFactor.spread(covariance, normal);
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] += weights[i];
        }
        return drawn;
    }

    /**
     * How far the prediction of a learnt observation would be off had it alone not been learnt: {@code e/(1−h)} with the residual
     * {@code e = y − o − wᵀf} and the leverage {@code h = fᵀ C f/(σ² + τ)}, in O(d²). Exactly that of a fresh solve without it.
     */
    public double leaveOneOutResidual(FeatureVector f, double label) {
        return (label - predict(f)) / (1 - uncertainty(f) / (noise + f.noise()));
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
