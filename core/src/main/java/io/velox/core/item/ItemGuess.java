package io.velox.core.item;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;

/**
 * What an item is taken for that a version was not trained on: its vector {@code v = [q, o]} of factor and offset is {@code N(m, R)}.
 * Immutable.
 *
 * @param vector {@code N(m, R)}, of length d
 */
public record ItemGuess(Prior vector) {
    /**
     * The posterior from ratings, with the users fixed: {@code C⁻¹ = R⁻¹ + Σ z zᵀ/s}, {@code m + C (Σ z (y − b)/s − (Σ z zᵀ/s) m)}, in
     * O(d³).
     */
    public ItemGuess improved(ItemEvidence evidence) {
        int d = vector.dimension();
        if (evidence.dimension() != d) {
            throw new IllegalArgumentException(
                    "evidence must have dimension " + d + ", but has " + evidence.dimension());
        }
        if (evidence.count() == 0) {
            return this;
        }
        double[] mean = vector.mean();
        double[] precision = PositiveDefinite.invert(vector.packedCovariance(), d);
        for (int k = 0; k < precision.length; k++) {
            precision[k] += evidence.precision()[k];
        }
        double[] explained = new double[d];
        PackedSymmetric.multiply(evidence.precision(), mean, explained);
        double[] gradient = evidence.moment().clone();
        for (int i = 0; i < d; i++) {
            gradient[i] -= explained[i];
        }
        double[] covariance = PositiveDefinite.invert(precision, d);
        double[] step = new double[d];
        PackedSymmetric.multiply(covariance, gradient, step);
        for (int i = 0; i < d; i++) {
            mean[i] += step[i];
        }
        return new ItemGuess(Prior.gaussian(mean, covariance));
    }

    /**
     * As it is served: {@code f = [q, 1]}, {@code o}, and {@code τ = tr(R E[z zᵀ])}, what the item alone adds to the variance of a
     * prediction.
     *
     * @param userMoments {@code E[z zᵀ]} (see {@link #userMoments})
     */
    public FeatureVector features(double[] userMoments) {
        double[] values = vector.mean();
        int d = values.length;
        double offset = values[d - 1];
        values[d - 1] = 1;
        return new FeatureVector(
                values, offset, PackedSymmetric.traceOfProduct(vector.packedCovariance(), userMoments, d));
    }

    /** {@code E[z zᵀ]} of {@code z = [p, 1]}, packed, over users whose weights {@code [p, b]} have a distribution. */
    public static double[] userMoments(Prior users) {
        int d = users.dimension();
        double[] z = users.mean();
        z[d - 1] = 1;
        double[] moments = users.packedCovariance();
        for (int j = 0; j < d; j++) {
            moments[PackedSymmetric.index(d - 1, j)] = 0;
        }
        PackedSymmetric.addOuter(moments, 1, z);
        return moments;
    }
}
