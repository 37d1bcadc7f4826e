package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.serving.items.ItemFilter;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What may be in a ranking. Immutable.
 *
 * @param k how many at most, from 1
 * @param excluded what is left out
 * @param filter what is registered of an item that may be in it
 */
public record Choice(int k, Set<Item> excluded, ItemFilter filter) {
    /** As many items as are read from the store one by one rather than by streaming it. */
    private static final int FEW = 1_000;

    /**
     * The rows of a catalogue that may not be in the ranking; the caller's own.
     *
     * @param passing the rows that a filter with fields lets pass, the caller's own
     */
    public BitSet barred(CatalogueIndex catalogue, Function<ItemFilter, BitSet> passing) {
        BitSet rows = Scoring.rows(catalogue.table(), excluded);
        if (!filter.isEmpty()) {
            BitSet others = passing.apply(filter);
            others.flip(0, catalogue.table().size());
            rows.or(others);
        }
        return rows;
    }

    boolean admits(Answering answering, Item item) {
        return !excluded.contains(item) && answering.version().items().passes(filter, item);
    }

    /** Those of the items that the filter lets pass. */
    public List<Item> passing(Answering answering, List<Item> items) {
        return filter.isEmpty()
                ? items
                : items.stream()
                        .filter(item -> answering.version().items().passes(filter, item))
                        .toList();
    }

    /** All items that the filter lets pass; empty if that is not few. */
    Optional<List<Item>> few(Answering answering) {
        return filter.isEmpty() ? Optional.empty() : answering.version().items().passing(filter, FEW);
    }
}
