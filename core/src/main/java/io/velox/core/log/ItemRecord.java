package io.velox.core.log;

import io.velox.core.item.Metadata;
import io.velox.core.model.Identifiers;
import java.time.Instant;
import java.util.Objects;

/**
 * What somebody registered of an item of a model; the last record of an item counts. Without a value under its key the item is not
 * registered.
 *
 * @param item its id
 */
public record ItemRecord(String model, String item, Metadata metadata, Instant registeredAt) {
    public ItemRecord {
        Identifiers.checkModelName("model", model);
        Identifiers.checkId("item", item);
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(registeredAt, "registeredAt");
    }

    public ItemKey key() {
        return new ItemKey(model, item);
    }
}
