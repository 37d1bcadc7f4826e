package io.velox.core.user;

import io.velox.core.model.Item;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One observation in a user's history.
 *
 * @param offset where in the user's partition of the log it lies
 * @param id the client's own id of the observation, if it gave one
 */
public record HistoryEntry(
        long offset,
        Item item,
        double label,
        Instant timestamp,
        @Nullable String id) {
    public Optional<String> clientId() {
        return Optional.ofNullable(id);
    }
}
