package io.velox.serving.items;

import io.velox.core.item.Metadata;

/**
 * An item as it was registered last.
 *
 * @param revision the offset of the registration in the topic of items
 */
public record RegisteredItem(String item, Metadata metadata, long revision) {}
