package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An item with its predicted label.
 *
 * @param title if the server knows one
 */
public record ItemScore(
        JsonNode item, double score, @Nullable String title) {
    /** The item's id; of item data, the empty string. */
    public String id() {
        return item.asText();
    }
}
