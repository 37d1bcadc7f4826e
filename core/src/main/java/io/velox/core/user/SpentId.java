package io.velox.core.user;

import io.velox.core.model.Item;

/**
 * A client's id of an observation that is not in the user's history any more, because the item was rated again or the observation
 * withdrawn: should the same observation be sent once more, it is a retry and not a new one.
 */
public record SpentId(Item item, String id) {}
