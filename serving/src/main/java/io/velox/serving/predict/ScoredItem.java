package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.user.Explanation;
import java.util.Optional;

/**
 * An item and its finite predicted label.
 *
 * @param uncertainty the standard deviation of the score for what is not known of the user; empty where nobody asked
 * @param explanation why it is so; empty where nobody asked
 */
public record ScoredItem(Item item, double score, Optional<Double> uncertainty, Optional<Explanation> explanation) {
    public ScoredItem(Item item, double score) {
        this(item, score, Optional.empty(), Optional.empty());
    }
}
