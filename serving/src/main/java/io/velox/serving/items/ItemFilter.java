package io.velox.serving.items;

import io.velox.core.item.Metadata;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lets items pass that have, in each of some fields, one at least of the given values; an item of which nothing is registered passes only
 * where there are no fields. Immutable.
 *
 * @param fields values by field; a field without values lets nothing pass
 */
public record ItemFilter(SortedMap<String, List<String>> fields) {
    /** Lets everything pass. */
    public static final ItemFilter NONE = new ItemFilter(new TreeMap<>());

    public ItemFilter {
        SortedMap<String, List<String>> copy = new TreeMap<>();
        fields.forEach((field, values) -> copy.put(field, List.copyOf(values)));
        fields = Collections.unmodifiableSortedMap(copy);
    }

    /** Whether everything passes. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public boolean passes(Metadata metadata) {
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            if (!hasAny(metadata.values(field.getKey()), field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAny(List<String> values, List<String> wanted) {
        for (String value : wanted) {
            if (Collections.binarySearch(values, value) >= 0) {
                return true;
            }
        }
        return false;
    }
}
