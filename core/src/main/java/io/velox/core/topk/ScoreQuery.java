package io.velox.core.topk;

import io.velox.core.topk.IndexedBlock.Bounds;
import java.util.BitSet;

/** Ranks by the score alone. */
final class ScoreQuery extends CatalogueQuery {
    private final CatalogueIndex index;
    private final double[] weights;

    ScoreQuery(CatalogueIndex index, double[] weights, int k, BitSet excluded) {
        super(index, weights, k, excluded);
        this.index = index;
        this.weights = weights;
    }

    @Override
    double value(int row) {
        return index.table().score(row, weights);
    }

    @Override
    double addedAtMost(Bounds bounds) {
        return 0;
    }

    @Override
    void addAtMost(IndexedBlock block, float[] sums) {}
}
