package io.velox.job.learn;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import java.util.List;

/**
 * One user's history where it is kept, in the order of the log. Reading it costs by its length, appending does not.
 *
 * <p>It has one entry of each item, or every one where a model accumulates them.
 */
public interface UserHistory {
    List<HistoryEntry> entries() throws Exception;

    void append(HistoryEntry entry) throws Exception;

    /** Puts {@code entries} in place of everything; none at all empties the history. */
    void replace(List<HistoryEntry> entries) throws Exception;

    /** The client ids of observations that are in the history no more, in the order in which they left it. */
    List<SpentId> spentIds() throws Exception;

    void replaceSpentIds(List<SpentId> ids) throws Exception;
}
