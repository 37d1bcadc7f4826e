package io.velox.serving.explore;

import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.UpperConfidence;
import io.velox.core.topk.WidthBound;
import java.util.BitSet;
import java.util.function.Supplier;

/**
 * A whole catalogue in memory.
 *
 * @param width of the user for whom the list is
 */
record CatalogueCandidates(CatalogueIndex catalogue, BitSet excluded, Supplier<WidthBound> width)
        implements Candidates {
    @Override
    public int size() {
        return catalogue.table().size();
    }

    @Override
    public Ranking best(double[] weights, int k) {
        return catalogue.best(weights, k, excluded);
    }

    @Override
    public Ranking best(UpperConfidence bound, int k) {
        return catalogue.best(bound, width.get(), k, excluded);
    }

    @Override
    public Item item(int row) {
        return Item.ofId(catalogue.table().item(row));
    }

    @Override
    public double score(int row, double[] weights) {
        return catalogue.table().score(row, weights);
    }
}
