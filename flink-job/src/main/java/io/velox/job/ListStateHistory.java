package io.velox.job;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import io.velox.job.learn.UserHistory;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;

/** The history of the current key, and its spent ids, in Flink's list state. */
record ListStateHistory(ListState<HistoryEntry> state, ListState<SpentId> spent) implements UserHistory {
    @Override
    public List<HistoryEntry> entries() throws Exception {
        return listOf(state);
    }

    @Override
    public void append(HistoryEntry entry) throws Exception {
        state.add(entry);
    }

    @Override
    public void replace(List<HistoryEntry> entries) throws Exception {
        replace(state, entries);
    }

    @Override
    public List<SpentId> spentIds() throws Exception {
        return listOf(spent);
    }

    @Override
    public void replaceSpentIds(List<SpentId> ids) throws Exception {
        replace(spent, ids);
    }

    private static <T> List<T> listOf(ListState<T> state) throws Exception {
        List<T> values = new ArrayList<>();
        for (T value : state.get()) {
            values.add(value);
        }
        return values;
    }

    private static <T> void replace(ListState<T> state, List<T> values) throws Exception {
        if (values.isEmpty()) {
            state.clear();
        } else {
            state.update(values);
        }
    }
}
