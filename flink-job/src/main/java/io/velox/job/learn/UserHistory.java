package io.velox.job.learn;

import io.velox.core.user.HistoryEntry;
import java.util.List;

/** One user's history where it is kept: one entry per item. Reading it costs by its length, appending does not. */
public interface UserHistory {
    List<HistoryEntry> entries() throws Exception;

    /** Adds an entry of an item that has none. */
    void append(HistoryEntry entry) throws Exception;

    /** Puts {@code entries} in place of everything; none at all empties the history. */
    void replace(List<HistoryEntry> entries) throws Exception;
}
