package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.model.FeatureVector;
import io.velox.retrain.RatingSums.PriorPrecision;
import java.util.Arrays;

/**
 * The weights that training gives a user: the ALS factor p and, for the constant 1, the user's bias b.
 *
 * <p>The factor is the last half-step of ALS, which solves {@code (QᵀQ + λ n I) p = Qᵀ(y − o − b)} for each user from the final item
 * factors. Solving it where the user's ratings already are gives the same numbers as joining them with Spark's user factors, without
 * moving either.
 */
final class OfflineWeights {
    /** What ALS leaves over of a user's ratings is added to the bias as if there were this many more, without residual. */
    private static final double SHRINKAGE = 1;

    private OfflineWeights() {}

    /**
     * {@code [p, b]} as ALS had them, of length d.
     *
     * @param ratings at least one, of items that are in {@code items}
     */
    static double[] ofAls(UserRatings ratings, ItemTable items, double regularization) {
        int rank = items.rank();
        double bias = items.userBias(ratings);
        double[] normal = PackedSymmetric.diagonal(rank, regularization * ratings.size());
        double[] moment = new double[rank];
        for (int r = 0; r < ratings.size(); r++) {
            FeatureVector f = items.features(ratings.items()[r]);
            double[] q = Arrays.copyOf(f.values(), rank);
            PackedSymmetric.addOuter(normal, 1, q);
            double target = ratings.labels()[r] - f.offset() - bias;
            for (int i = 0; i < rank; i++) {
                moment[i] += target * q[i];
            }
        }
        double[] weights = Arrays.copyOf(PositiveDefinite.solve(normal, moment), rank + 1);
        weights[rank] = bias;
        return weights;
    }

    /** Those that a polished version serves: ridge regression under its prior, noise and the items' own. */
    static double[] ofRidge(UserRatings ratings, ItemTable items, PriorPrecision prior, double noise) {
        double[] precision = prior.precision().clone();
        double[] moment = prior.moment().clone();
        for (int r = 0; r < ratings.size(); r++) {
            FeatureVector f = items.features(ratings.items()[r]);
            double weight = 1 / (noise + f.noise());
            PackedSymmetric.addOuter(precision, weight, f.values());
            double target = weight * (ratings.labels()[r] - f.offset());
            for (int i = 0; i < moment.length; i++) {
                moment[i] += target * f.values()[i];
            }
        }
        return PositiveDefinite.solve(precision, moment);
    }

    /** Those of ALS, with the shrunken mean of the residuals added to the bias. */
    static double[] of(UserRatings ratings, ItemTable items, double regularization) {
        double[] weights = ofAls(ratings, items, regularization);
        double residual = 0;
        for (int r = 0; r < ratings.size(); r++) {
            residual += ratings.labels()[r] - items.features(ratings.items()[r]).score(weights);
        }
        weights[items.rank()] += residual / (ratings.size() + SHRINKAGE);
        return weights;
    }
}
