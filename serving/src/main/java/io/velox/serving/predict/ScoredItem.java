package io.velox.serving.predict;

import io.velox.core.model.Item;

/** An item and its finite predicted label. */
public record ScoredItem(Item item, double score) {}
