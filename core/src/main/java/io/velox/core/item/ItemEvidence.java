package io.velox.core.item;

import io.velox.core.linalg.PackedSymmetric;
import java.util.Collection;

/**
 * What the ratings of one item say of its vector {@code v = [q, o]}, as sums over them, with {@code z = [p, 1]} of each user: enough for
 * the posterior under any prior.
 *
 * @param count of ratings
 * @param precision {@code Σ z zᵀ/s}, packed (see {@link PackedSymmetric})
 * @param moment {@code Σ z (y − b)/s}, of length d
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied never
public record ItemEvidence(int count, double[] precision, double[] moment) {
    /** Takes ownership of the arrays. */
    public ItemEvidence {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative, but got " + count);
        }
        if (moment.length == 0 || precision.length != PackedSymmetric.length(moment.length)) {
            throw new IllegalArgumentException("precision must be d×d for the moment of length d = " + moment.length);
        }
        for (double[] sums : new double[][] {precision, moment}) {
            for (double sum : sums) {
                if (!Double.isFinite(sum)) {
                    throw new IllegalArgumentException("precision and moment must be finite, but hold " + sum);
                }
            }
        }
    }

    /**
     * Adds up ratings, in O(n·d²).
     *
     * @param dimension d
     */
    public static ItemEvidence of(int dimension, Collection<ItemRating> ratings) {
        double[] precision = new double[PackedSymmetric.length(dimension)];
        double[] moment = new double[dimension];
        for (ItemRating rating : ratings) {
            if (rating.weights().length != dimension) {
                throw new IllegalArgumentException(
                        "weights must have length " + dimension + ", but have " + rating.weights().length);
            }
            double[] z = rating.weights().clone();
            double residual = rating.label() - z[dimension - 1];
            z[dimension - 1] = 1;
            PackedSymmetric.addOuter(precision, 1 / rating.variance(), z);
            for (int i = 0; i < dimension; i++) {
                moment[i] += z[i] * residual / rating.variance();
            }
        }
        return new ItemEvidence(ratings.size(), precision, moment);
    }

    public int dimension() {
        return moment.length;
    }
}
