package io.velox.core.topk;

import io.velox.core.linalg.UdFactor;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.Prior;

/** How uncertain an item's score is for a user of whom nothing is known; whatever is learnt, it never is more so. */
interface PriorWidth {
    /** Where the prior is not known. */
    PriorWidth UNKNOWN = (block, row) -> Double.POSITIVE_INFINITY;

    /** {@code √(fᵀ S f)} of a row. */
    double of(FactorBlock block, int row);

    static PriorWidth of(Prior prior) {
        double[] covariance = prior.covarianceFactor();
        return (block, row) -> {
            double[] f = new double[prior.dimension()];
            for (int i = 0; i < f.length; i++) {
                f[i] = block.features()[row * f.length + i];
            }
            return Math.sqrt(UdFactor.quadratic(covariance, f));
        };
    }
}
