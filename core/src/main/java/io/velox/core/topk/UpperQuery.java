package io.velox.core.topk;

import io.velox.core.topk.IndexedBlock.Bounds;
import java.util.Arrays;
import java.util.BitSet;

/** Ranks by an upper confidence bound. */
final class UpperQuery extends CatalogueQuery {
    /** Beyond which products in float might be no numbers. */
    private static final double LARGEST_ALPHA = 1e9;

    private final CatalogueIndex index;
    private final UpperConfidence bound;
    private final WidthBound width;

    UpperQuery(CatalogueIndex index, UpperConfidence bound, WidthBound width, int k, BitSet excluded) {
        super(index, bound.weights(), k, excluded);
        this.index = index;
        this.bound = bound;
        this.width = width;
        Ranking greedy = index.best(bound.weights(), k, excluded);
        if (greedy.size() == k) {
            expect(Arrays.stream(greedy.rows()).mapToDouble(this::value).min().orElseThrow());
        }
    }

    @Override
    double value(int row) {
        return bound.of(index.table().features(row));
    }

    @Override
    double addedAtMost(Bounds bounds) {
        return bound.alpha() * width.atMost(bounds);
    }

    @Override
    void addAtMost(IndexedBlock block, float[] sums) {
        width.addTo(sums, block, bound.alpha());
    }

    @Override
    boolean isOfFloat(Bounds all) {
        return bound.alpha() < LARGEST_ALPHA && width.isOfFloat(all) && super.isOfFloat(all);
    }
}
