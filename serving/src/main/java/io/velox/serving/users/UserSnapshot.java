package io.velox.serving.users;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import java.util.List;
import java.util.Optional;

/** A user's model and history at one and the same revision; an empty model and history for a user of whom nothing is known. */
public record UserSnapshot(Optional<UserModel> model, List<HistoryEntry> history) {
    public UserSnapshot {
        history = List.copyOf(history);
    }
}
