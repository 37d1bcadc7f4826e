package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;
import io.velox.core.model.FeatureVector;
import java.util.Arrays;

/**
 * The weights that training gives a user: the ALS factor p, and as the user's bias the shrunken mean of what it leaves over.
 *
 * <p>The factor is the last half-step of ALS, which solves {@code (QᵀQ + λ n I) p = Qᵀ(y − o)} for each user from the final item
 * factors. Solving it where the user's ratings already are gives the same numbers as joining them with Spark's user factors, without
 * moving either.
 */
final class OfflineWeights {
    /** A user's bias is estimated as if there were this many further ratings without residual. */
    static final double SHRINKAGE = 5;

    private OfflineWeights() {}

    /**
     * {@code [p, b]}, of length d.
     *
     * @param ratings at least one, of items that are in {@code items}
     */
    static double[] of(UserRatings ratings, ItemTable items, double regularization) {
        int rank = items.rank();
        int n = ratings.size();
        double[] normal = PackedSymmetric.diagonal(rank, regularization * n);
        double[] moment = new double[rank];
        FeatureVector[] features = new FeatureVector[n];
        for (int r = 0; r < n; r++) {
            features[r] = items.features(ratings.items()[r]);
            double[] q = Arrays.copyOf(features[r].values(), rank);
            PackedSymmetric.addOuter(normal, 1, q);
            double target = ratings.labels()[r] - features[r].offset();
            for (int i = 0; i < rank; i++) {
                moment[i] += target * q[i];
            }
        }
        double[] weights = Arrays.copyOf(PositiveDefinite.solve(normal, moment), rank + 1);
        double residual = 0;
        for (int r = 0; r < n; r++) {
            residual += ratings.labels()[r] - features[r].score(weights);
        }
        weights[rank] = residual / (n + SHRINKAGE);
        return weights;
    }
}
