package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.user.Explanation;
import java.util.Comparator;
import java.util.Optional;

/**
 * An item and its finite predicted label.
 *
 * @param isProvisional whether the version was not trained on the item, and goes by what is registered of it
 * @param uncertainty the standard deviation of the score for what is not known of the user; empty where nobody asked
 * @param explanation why it is so; empty where nobody asked
 * @param exposure how it came to be in a list; empty for a list that nobody explores with
 */
public record ScoredItem(
        Item item,
        double score,
        boolean isProvisional,
        Optional<Double> uncertainty,
        Optional<Explanation> explanation,
        Optional<Exposure> exposure) {
    /** Higher scores first, and of equal ones the smaller item. */
    static final Comparator<ScoredItem> BEST_FIRST =
            Comparator.comparingDouble(ScoredItem::score).reversed().thenComparing(ScoredItem::item);

    public ScoredItem(Item item, double score) {
        this(item, score, false);
    }

    ScoredItem(Item item, double score, boolean isProvisional) {
        this(item, score, isProvisional, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same item, which the version was trained on or not. */
    public ScoredItem provisional(boolean isSo) {
        return new ScoredItem(item, score, isSo, uncertainty, explanation, exposure);
    }

    /** The same item, with how it came to be shown. */
    public ScoredItem shown(Exposure how) {
        return new ScoredItem(item, score, isProvisional, uncertainty, explanation, Optional.of(how));
    }

    ScoredItem detailed(Optional<Double> deviation, Optional<Explanation> why) {
        return new ScoredItem(item, score, isProvisional, deviation, why, exposure);
    }
}
