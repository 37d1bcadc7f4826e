package io.velox.job;

import io.velox.core.user.HistoryEntry;
import io.velox.job.learn.UserHistory;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;

/** The history of the current key in Flink's list state. */
record ListStateHistory(ListState<HistoryEntry> state) implements UserHistory {
    @Override
    public List<HistoryEntry> entries() throws Exception {
        List<HistoryEntry> entries = new ArrayList<>();
        for (HistoryEntry entry : state.get()) {
            entries.add(entry);
        }
        return entries;
    }

    @Override
    public void append(HistoryEntry entry) throws Exception {
        state.add(entry);
    }

    @Override
    public void replace(List<HistoryEntry> entries) throws Exception {
        if (entries.isEmpty()) {
            state.clear();
        } else {
            state.update(entries);
        }
    }
}
