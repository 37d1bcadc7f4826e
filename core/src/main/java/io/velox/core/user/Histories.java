package io.velox.core.user;

import io.velox.core.model.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds of a list of {@link HistoryEntry} in the order of the log. */
public final class Histories {
    private Histories() {}

    /** The last observation of each item, in order: those that no later one has superseded. */
    public static List<HistoryEntry> lastOfEachItem(List<HistoryEntry> entries) {
        Set<Item> items = new HashSet<>();
        List<HistoryEntry> last = new ArrayList<>(entries.size());
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (items.add(entries.get(i).item())) {
                last.add(entries.get(i));
            }
        }
        Collections.reverse(last);
        return last;
    }
}
