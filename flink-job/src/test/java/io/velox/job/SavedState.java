package io.velox.job;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint must contain, as it lies beside it: only what no later schema can change. Weights are not in it, because they follow
 * from the histories and from the versions, which lie beside it too.
 *
 * @param offset of the last record of the log before the savepoint
 * @param totals the losses of all users since the first day, by version
 */
public record SavedState(long offset, SortedMap<String, User> users, SortedMap<String, LossStatistics> totals) {
    /** One user; {@code losses} by version. */
    public record User(
            Revision revision, boolean forgotten, List<Entry> history, SortedMap<String, LossStatistics> losses) {}

    /** One observation in a history. */
    public record Entry(
            long offset,
            Item item,
            double label,
            Instant timestamp,
            @Nullable String id) {}

    public SavedState {
        users = new TreeMap<>(users);
        totals = new TreeMap<>(totals);
    }
}
