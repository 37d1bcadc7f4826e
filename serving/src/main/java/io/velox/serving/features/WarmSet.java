package io.velox.serving.features;

import io.velox.core.model.FactorRow;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.StoredTable;
import io.velox.serving.features.FeatureCache.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What a version keeps beside the cache while it is not the one that answers: the features of the items that the one that answers is
 * asked for most. Single writer, the thread of {@link WarmSets}; any thread reads.
 *
 * @param rows read by requests
 */
record WarmSet(Map<String, FactorRow> rows, StoredTable table, BooleanSupplier isReleased) {
    /** Items that are read at once, hottest first, so that what is there when time runs out is what matters most. */
    private static final int ITEMS_PER_READ = 4096;

    /**
     * Reads what is missing of the hottest items, and lets go of what is none of them any more. Blocks.
     *
     * @param hottestFirst of another version
     * @return the bytes that are kept
     * @throws io.velox.core.error.VeloxException {@code STORE_UNAVAILABLE}, {@code CORRUPT_MODEL}
     */
    long fill(List<Entry> hottestFirst, long maxBytes) {
        long bytes = 0;
        Set<String> wanted = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (Entry entry : hottestFirst) {
            int size = FeatureKey.bytes(entry.item(), table.dimension());
            if (bytes + size > maxBytes) {
                break;
            }
            bytes += size;
            wanted.add(entry.item());
            if (!rows.containsKey(entry.item())) {
                missing.add(entry.item());
            }
        }
        rows.keySet().retainAll(wanted);
        for (int from = 0; from < missing.size() && !isReleased.getAsBoolean(); from += ITEMS_PER_READ) {
            List<String> some = missing.subList(from, Math.min(missing.size(), from + ITEMS_PER_READ));
            Map<String, FactorRow> found = table.find(some);
            some.forEach(item -> rows.put(item, found.getOrDefault(item, FeatureCache.UNKNOWN)));
        }
        if (isReleased.getAsBoolean()) {
            rows.clear();
        }
        return bytes;
    }

    /** Takes over what the cache holds of a version that answers no more. */
    void takeFrom(FeatureCache cache, ModelVersion version, List<Entry> hottestFirst) {
        hottestFirst.forEach(entry -> rows.put(entry.item(), entry.row()));
        cache.remove(version);
        if (isReleased.getAsBoolean()) {
            rows.clear();
        }
    }

    /**
     * Hands everything over to the cache, as the version begins to answer.
     *
     * @param order the hottest items of the version before first: they are the last to go in, and so the last to be evicted
     */
    void handOver(FeatureCache cache, ModelVersion version, List<Entry> order) {
        List<String> coldestFirst = new ArrayList<>(rows.keySet());
        List<String> hot = new ArrayList<>(order.stream().map(Entry::item).toList());
        Collections.reverse(hot);
        coldestFirst.removeAll(new HashSet<>(hot));
        coldestFirst.addAll(hot);
        for (String item : coldestFirst) {
            FactorRow row = rows.get(item);
            if (row != null) {
                cache.put(new FeatureKey(version, item), row);
            }
        }
        rows.clear();
        if (isReleased.getAsBoolean()) {
            cache.remove(version);
        }
    }
}
