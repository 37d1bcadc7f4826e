package io.velox.core.log;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of a user's model, as the job publishes it.
 *
 * @param follows the revision before it; null for a user's first
 * @param applied the observation that was learnt; null when the record was something else, or was rejected
 */
public record UserUpdate(
        UserModel model,
        @Nullable Revision follows,
        @Nullable HistoryEntry applied) {
    public Optional<Revision> previous() {
        return Optional.ofNullable(follows);
    }

    public Optional<HistoryEntry> learnt() {
        return Optional.ofNullable(applied);
    }
}
