package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import io.velox.retrain.RatingSums.PriorPrecision;
import java.io.Serializable;

/**
 * Sums over the posteriors of users (or of items), from which prior and noise are estimated anew; and the squared errors of the
 * predictions of held-out ratings. Merged in the order of the partitions. Single writer.
 */
final class SideStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Added to the variances of a prior, as a share of their mean and at least: keeps what has nearly vanished invertible. */
    private static final double RELATIVE_FLOOR = 1e-6;

    private static final double FLOOR = 1e-8;

    private final WeightMoments means;
    private final double[] covariances;

    /** Over all ratings; see {@link RatingSums}. */
    private final double[] ratings;

    private double residual;
    private double heldOutSquares;
    private long heldOut;

    SideStatistics(int dimension) {
        this.means = new WeightMoments(dimension);
        this.covariances = new double[PackedSymmetric.length(dimension)];
        this.ratings = new double[RatingSums.length(dimension - 1)];
    }

    /** Takes up one posterior and the sums over the ratings that it comes from. */
    void add(VectorPosterior posterior, double[] sums) {
        means.add(posterior.mean());
        for (int k = 0; k < covariances.length; k++) {
            covariances[k] += posterior.covariance()[k];
        }
        residual += RatingSums.residual(sums, posterior);
        RatingSums.merge(ratings, sums);
    }

    void addHeldOut(double error) {
        heldOutSquares += error * error;
        heldOut++;
    }

    void merge(SideStatistics other) {
        means.merge(other.means);
        for (int k = 0; k < covariances.length; k++) {
            covariances[k] += other.covariances[k];
        }
        residual += other.residual;
        RatingSums.merge(ratings, other.ratings);
        heldOutSquares += other.heldOutSquares;
        heldOut += other.heldOut;
    }

    /** {@code N(m, S)} with the mean of the posteriors' means, and the mean of {@code C + (mean − m)(mean − m)ᵀ}. */
    Prior prior() {
        double[] covariance = means.covariance();
        int d = means.mean().length;
        double spread = 0;
        for (int k = 0; k < covariance.length; k++) {
            covariance[k] += covariances[k] / means.count();
        }
        for (int i = 0; i < d; i++) {
            spread += covariance[PackedSymmetric.index(i, i)] / d;
        }
        for (int i = 0; i < d; i++) {
            covariance[PackedSymmetric.index(i, i)] += FLOOR + RELATIVE_FLOOR * spread;
        }
        return Prior.gaussian(means.mean(), covariance);
    }

    /**
     * {@link #prior} about another mean: the vector which, were it everybody's, would leave least of the ratings. It suits those who
     * rate an item, and not all users, most of whom will never rate it.
     */
    Prior priorOfRaters() {
        Prior prior = prior();
        double[] mean =
                RatingSums.posterior(ratings, PriorPrecision.of(prior), noise()).mean();
        double[] shift = prior.mean();
        for (int i = 0; i < shift.length; i++) {
            shift[i] -= mean[i];
        }
        double[] covariance = prior.packedCovariance();
        PackedSymmetric.addOuter(covariance, 1, shift);
        return Prior.gaussian(mean, covariance);
    }

    /** σ²: what is left of a rating on average. */
    double noise() {
        return Math.max(PriorEstimate.MIN_VARIANCE, residual / RatingSums.count(ratings));
    }

    long heldOut() {
        return heldOut;
    }

    /** Only where there are {@link #heldOut}. */
    double heldOutRmse() {
        return Math.sqrt(heldOutSquares / heldOut);
    }
}
