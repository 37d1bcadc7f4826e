package io.velox.serving.log;

import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The log of what is registered of items. Safe for use from any thread; nothing blocks. */
public interface ItemLog {
    /**
     * Appends registrations in their order. The future completes with their revisions, which are their offsets, when all of them are on
     * every replica that the topic asks for; it fails with {@code LOG_UNAVAILABLE} when any of them is not, or may not be, in the log.
     */
    CompletableFuture<List<Long>> append(List<ItemRecord> records);

    /** Takes the registration of an item back, if there is one; completes with the revision from which it no longer counts. */
    CompletableFuture<Long> remove(ItemKey item);
}
