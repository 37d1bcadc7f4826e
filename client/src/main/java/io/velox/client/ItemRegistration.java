package io.velox.client;

import java.util.List;
import java.util.Map;

/**
 * What is known of an item apart from who rated it.
 *
 * @param metadata by field, such as {@code genre}, its values
 */
public record ItemRegistration(String item, Map<String, List<String>> metadata) {
    public ItemRegistration {
        metadata = Map.copyOf(metadata);
    }
}
