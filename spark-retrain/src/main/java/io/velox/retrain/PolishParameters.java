package io.velox.retrain;

import io.velox.core.model.Prior;
import java.io.Serializable;

/**
 * What the variational passes know beside the posteriors: a rating is {@code μ + p·q + b_u + b_i + ε}, {@code ε ~ N(0, σ²)}, with
 * {@code [p, b_u]} of a user and {@code [q, b_i]} of an item from a prior each.
 *
 * @param globalMean μ; fixed
 * @param raters the users' prior as it is served: about the mean that suits what is rated, see {@link SideStatistics#priorOfRaters}
 * @param noise σ²
 */
record PolishParameters(double globalMean, Prior users, Prior raters, Prior items, double noise)
        implements Serializable {
    /** At the start, where one prior is all that is known of users. */
    PolishParameters(double globalMean, Prior users, Prior items, double noise) {
        this(globalMean, users, users, items, noise);
    }

    PolishParameters withUsers(SideStatistics statistics) {
        return new PolishParameters(
                globalMean, statistics.prior(), statistics.priorOfRaters(), items, statistics.noise());
    }

    PolishParameters withItems(SideStatistics statistics) {
        return new PolishParameters(globalMean, users, raters, statistics.prior(), statistics.noise());
    }
}
