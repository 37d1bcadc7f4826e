package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.model.Prior;
import java.io.Serializable;

/**
 * What the ratings of one user (item) say about its vector, as sums over the ratings that can be added to and merged; and the vector's
 * posterior from them.
 *
 * <p>A rating's deviation from the global mean is {@code y = vᵀz + b + ε}, {@code ε ~ N(0, σ²)}, with the unknown {@code v = [factor,
 * bias]}, the other side's {@code z = [factor, 1]} and its bias {@code b}. The sums are, in one array: {@code Σ E[x xᵀ]} of the other
 * side's {@code x = [factor, 1, bias]}, packed; {@code Σ y E[x]}; {@code Σ y²}; and the count. Costs d²/2 additions a rating.
 *
 * <p>Source: Lim and Teh, Variational Bayesian approach to movie rating prediction, 2007; with biases.
 */
final class RatingSums {
    private RatingSums() {}

    static int length(int rank) {
        return PackedSymmetric.length(rank + 2) + rank + 4;
    }

    /**
     * Adds one rating.
     *
     * @param moments of the other side, as {@link VectorPosterior#moments} gives them
     * @param y the label less the global mean
     */
    static void add(double[] sums, double[] moments, int rank, double y) {
        int n = moments.length;
        for (int k = 0; k < n; k++) {
            sums[k] += moments[k];
        }
        int constantRow = PackedSymmetric.length(rank);
        for (int j = 0; j <= rank; j++) {
            sums[n + j] += y * moments[constantRow + j];
        }
        sums[n + rank + 1] += y * biasMean(moments, rank);
        sums[n + rank + 2] += y * y;
        sums[n + rank + 3]++;
    }

    /** {@code E[bias]} out of {@link VectorPosterior#moments}. */
    static double biasMean(double[] moments, int rank) {
        return moments[PackedSymmetric.index(rank + 1, rank)];
    }

    static void merge(double[] sums, double[] others) {
        for (int k = 0; k < sums.length; k++) {
            sums[k] += others[k];
        }
    }

    static double count(double[] sums) {
        return sums[sums.length - 1];
    }

    /** {@code C⁻¹ = S⁻¹ + Σ E[z zᵀ]/σ²}, {@code m = C (S⁻¹ m₀ + Σ E[z (y − b)]/σ²)}. */
    static VectorPosterior posterior(double[] sums, PriorPrecision prior, double noise) {
        double[] precision = prior.precision().clone();
        for (int k = 0; k < precision.length; k++) {
            precision[k] += sums[k] / noise;
        }
        int d = prior.dimension();
        double[] moment = prior.moment().clone();
        double[] target = target(sums, d);
        for (int j = 0; j < d; j++) {
            moment[j] += target[j] / noise;
        }
        double[] covariance = PositiveDefinite.invert(precision, d);
        double[] mean = new double[d];
        PackedSymmetric.multiply(covariance, moment, mean);
        return new VectorPosterior(mean, covariance);
    }

    /** {@code Σ E[z (y − b)]}. */
    private static double[] target(double[] sums, int d) {
        double[] target = new double[d];
        int biasRow = PackedSymmetric.length(d);
        int cross = PackedSymmetric.length(d + 1);
        for (int j = 0; j < d; j++) {
            target[j] = sums[cross + j] - sums[biasRow + j];
        }
        return target;
    }

    /** {@code Σ E[(y − vᵀz − b)²]} over what is known of both sides. */
    static double residual(double[] sums, VectorPosterior posterior) {
        double[] mean = posterior.mean();
        int d = mean.length;
        int cross = PackedSymmetric.length(d + 1);
        double square = sums[cross + d + 1] - 2 * sums[cross + d] + sums[PackedSymmetric.index(d, d)];
        double[] target = target(sums, d);
        for (int j = 0; j < d; j++) {
            square -= 2 * mean[j] * target[j];
        }
        return Math.max(0, square + PackedSymmetric.quadratic(sums, mean) + posterior.variance(sums));
    }

    /**
     * A prior as the posterior takes it.
     *
     * @param precision {@code S⁻¹}, packed
     * @param moment {@code S⁻¹ m}
     */
    @SuppressWarnings("ArrayRecordComponent") // one per task; never compared
    record PriorPrecision(double[] precision, double[] moment) implements Serializable {
        static PriorPrecision of(Prior prior) {
            double[] mean = prior.mean();
            double[] precision = PositiveDefinite.invert(prior.packedCovariance(), mean.length);
            double[] moment = new double[mean.length];
            PackedSymmetric.multiply(precision, mean, moment);
            return new PriorPrecision(precision, moment);
        }

        int dimension() {
            return moment.length;
        }
    }
}
