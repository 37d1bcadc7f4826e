package io.velox.system;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each user's history must be: the last label of each item. */
final class Histories {
    private Histories() {}

    static Map<String, Map<String, Double>> of(List<List<Rating>> parts) {
        Map<String, Map<String, Double>> histories = new HashMap<>();
        parts.forEach(part -> part.forEach(rating -> histories
                .computeIfAbsent(rating.user(), user -> new HashMap<>())
                .put(rating.item(), rating.label())));
        return histories;
    }
}
