package io.velox.serving.items;

import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The items that a version was not trained on and takes for what it guesses of them: one picture of a {@link ProvisionalCatalogue}. Immutable but for what
 * it keeps of filters; safe for use from any thread.
 */
public final class Provisional {
    private final CatalogueIndex catalogue;
    private final long[] revisions;
    private final int[] ratings;
    private final MatchingRows matching;

    /**
     * @param revisions of the registrations, one for each row of the catalogue's table
     * @param ratings that the features have learnt, as many
     */
    Provisional(CatalogueIndex catalogue, long[] revisions, int[] ratings, MatchingRows matching) {
        this.catalogue = catalogue;
        this.revisions = revisions;
        this.ratings = ratings;
        this.matching = matching;
    }

    /** How many they are. */
    public int size() {
        return revisions.length;
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** Their features, laid out for the best of all of them. */
    public CatalogueIndex catalogue() {
        return catalogue;
    }

    /** The rows of the table that a filter lets pass; the caller's own. The filter has fields. */
    public BitSet passing(ItemFilter filter) {
        return matching.of(filter);
    }

    /** The item's features; empty if it is none of these items. */
    public Optional<FeatureVector> features(Item item) {
        int row = row(item);
        return row < 0 ? Optional.empty() : Optional.of(table().features(row));
    }

    /** How many ratings the item's features have learnt; none if it is none of these items. */
    public int ratings(Item item) {
        int row = row(item);
        return row < 0 ? 0 : ratings[row];
    }

    /** The revision of the item's registration; empty if it is none of these items. */
    public OptionalLong revision(Item item) {
        int row = row(item);
        return row < 0 ? OptionalLong.empty() : OptionalLong.of(revisions[row]);
    }

    private int row(Item item) {
        return item.isId() ? table().row(item.text()) : -1;
    }

    private FactorTable table() {
        return catalogue.table();
    }

    MatchingRows matching() {
        return matching;
    }
}
