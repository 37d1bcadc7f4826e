package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.user.Explanation;
import java.util.Optional;

/**
 * An item and its finite predicted label.
 *
 * @param uncertainty the standard deviation of the score for what is not known of the user; empty where nobody asked
 * @param explanation why it is so; empty where nobody asked
 * @param exposure how it came to be in a list; empty for a list that nobody explores with
 */
public record ScoredItem(
        Item item,
        double score,
        Optional<Double> uncertainty,
        Optional<Explanation> explanation,
        Optional<Exposure> exposure) {
    public ScoredItem(Item item, double score) {
        this(item, score, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same item, with how it came to be shown. */
    public ScoredItem shown(Exposure how) {
        return new ScoredItem(item, score, uncertainty, explanation, Optional.of(how));
    }

    ScoredItem detailed(Optional<Double> deviation, Optional<Explanation> why) {
        return new ScoredItem(item, score, deviation, why, exposure);
    }
}
