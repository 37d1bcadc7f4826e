package io.velox.core.store;

import io.velox.core.model.Prior;

/**
 * What a polished version takes an item for that nobody has rated: its vector {@code [factor, bias]} is {@code N(m, S)}, and its
 * offset the global mean plus the bias. A refresh starts new items there.
 *
 * @param globalMean μ, finite
 * @param vector N(m, S), of the version's dimension
 */
public record ItemPrior(double globalMean, Prior vector) {
    public ItemPrior {
        if (!Double.isFinite(globalMean)) {
            throw new IllegalArgumentException("globalMean must be finite, but got " + globalMean);
        }
    }
}
