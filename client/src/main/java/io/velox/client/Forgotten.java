package io.velox.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What forgetting or withdrawing has done, and what it will have done when.
 *
 * @param receipt after which nothing of it is known
 * @param gone what no answer knows of any more
 * @param until by when it is gone from each place that keeps it
 * @param stays why it is not going to leave a place; empty when it leaves all
 */
public record Forgotten(
        String receipt,
        List<String> gone,
        SortedMap<String, Instant> until,
        @Nullable Map<String, String> stays) {
    public Forgotten {
        stays = stays == null ? Map.of() : new TreeMap<>(stays);
    }
}
