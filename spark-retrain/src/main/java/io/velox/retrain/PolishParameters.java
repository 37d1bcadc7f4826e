package io.velox.retrain;

import io.velox.core.model.Prior;
import java.io.Serializable;

/**
 * What the variational passes know beside the posteriors: a rating is {@code μ + p·q + b_u + b_i + ε}, {@code ε ~ N(0, σ²)}, with
 * {@code [p, b_u]} of a user and {@code [q, b_i]} of an item from a prior each.
 *
 * @param globalMean μ; fixed
 * @param noise σ²
 */
record PolishParameters(double globalMean, Prior users, Prior items, double noise) implements Serializable {
    PolishParameters withUsers(SideStatistics statistics) {
        return new PolishParameters(globalMean, statistics.prior(), items, statistics.noise());
    }

    PolishParameters withItems(SideStatistics statistics) {
        return new PolishParameters(globalMean, users, statistics.prior(), statistics.noise());
    }
}
