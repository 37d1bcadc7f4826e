package io.velox.serving.predict;

import io.velox.core.model.Item;
import org.jspecify.annotations.Nullable;

/**
 * An item and its finite predicted label.
 *
 * @param uncertainty the standard deviation of the score for what is not known of the user; null where nobody asked
 */
public record ScoredItem(Item item, double score, @Nullable Double uncertainty) {
    public ScoredItem(Item item, double score) {
        this(item, score, null);
    }
}
