package io.velox.serving.features;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorRow;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.StoredTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The features of the items that are asked for most, of all versions whose tables stay in the store: bounded by bytes, shared by all
 * models. An item that a version does not know is an entry too, so that asking for it again costs nothing.
 *
 * <p>Requests that miss the same item wait for one read. Reads run on a pool of their own, with a bounded queue and a deadline. Safe
 * for use from any thread; nothing blocks.
 */
public final class FeatureCache {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);

    /** Stands for an item that the version does not know. */
    static final FactorRow UNKNOWN = new FactorRow(new float[0], 0, 0);

    /** Items that are read by one task, so that many missing ones are read on several threads. */
    private static final int ITEMS_PER_READ = 256;

    private final AsyncCache<FeatureKey, FactorRow> rows;
    private final long maxBytes;
    private final StorePool readers;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder readNanos = new LongAdder();

    /**
     * @param maxBytes of all entries together
     * @param readers for what is missing
     */
    public FeatureCache(long maxBytes, StorePool readers) {
        this.maxBytes = maxBytes;
        this.readers = readers;
        this.rows = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((FeatureKey key, FactorRow row) -> key.bytes(row))
                .executor(Runnable::run)
                .buildAsync();
    }

    /** Meters of hits, misses, reads and bytes, as {@code velox_feature_cache_*}. */
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("velox.feature.cache.hits", hits, LongAdder::sum)
                .description("items whose features were in the cache when they were asked for")
                .register(registry);
        FunctionCounter.builder("velox.feature.cache.misses", misses, LongAdder::sum)
                .description("items whose features had to be read from the store")
                .register(registry);
        FunctionTimer.builder(
                        "velox.feature.cache.reads",
                        this,
                        cache -> cache.reads.sum(),
                        cache -> cache.readNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("reads of items from the store, several items at a time")
                .register(registry);
        Gauge.builder("velox.feature.cache.bytes", this, FeatureCache::bytes).register(registry);
    }

    long maxBytes() {
        return maxBytes;
    }

    /** What the entries take in memory, about. */
    long bytes() {
        return eviction().weightedSize().orElse(0);
    }

    /** How many items were in the cache when they were asked for. */
    long hits() {
        return hits.sum();
    }

    /** How many items were not in the cache when they were asked for. */
    long misses() {
        return misses.sum();
    }

    void count(int hit, int missed) {
        hits.add(hit);
        misses.add(missed);
    }

    /** The item's features if they are here; {@link #UNKNOWN} if it is known that there are none. */
    @Nullable
    FactorRow ifPresent(FeatureKey key) {
        CompletableFuture<FactorRow> row = rows.getIfPresent(key);
        return row == null || !row.isDone() || row.isCompletedExceptionally() ? null : row.join();
    }

    /** Reads items of one version, or waits for reads of them that are under way; {@link #UNKNOWN} for those that it does not know. */
    CompletableFuture<Map<FeatureKey, FactorRow>> read(StoredTable table, List<FeatureKey> keys) {
        List<CompletableFuture<Map<FeatureKey, FactorRow>>> tasks = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += ITEMS_PER_READ) {
            List<FeatureKey> some = keys.subList(from, Math.min(keys.size(), from + ITEMS_PER_READ));
            tasks.add(readers.call(isWanted -> readOnce(table, some)));
        }
        if (tasks.size() == 1) {
            return tasks.get(0);
        }
        return CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new)).thenApply(done -> {
            Map<FeatureKey, FactorRow> all = new HashMap<>();
            tasks.forEach(task -> all.putAll(task.join()));
            return all;
        });
    }

    /** A read that fails leaves nothing in the cache: to whoever waited for it, the items are missing in the answer. */
    private CompletableFuture<Map<FeatureKey, FactorRow>> readOnce(StoredTable table, List<FeatureKey> keys) {
        AtomicReference<VeloxException> failure = new AtomicReference<>(new VeloxException(
                ErrorCode.STORE_UNAVAILABLE,
                "the store did not give the items' features to another request; try again"));
        return rows.getAll(keys, missing -> {
                    try {
                        return readNow(table, missing);
                    } catch (VeloxException e) {
                        LOG.warn("features cannot be read: {}", e.getMessage());
                        failure.set(e);
                        return Map.of();
                    }
                })
                .thenApply(read -> {
                    if (read.size() < keys.size()) {
                        throw failure.get();
                    }
                    return read;
                });
    }

    private Map<FeatureKey, FactorRow> readNow(StoredTable table, Set<? extends FeatureKey> missing) {
        long start = System.nanoTime();
        Map<String, FactorRow> found =
                table.find(missing.stream().map(FeatureKey::item).toList());
        reads.increment();
        readNanos.add(System.nanoTime() - start);
        Map<FeatureKey, FactorRow> entries = new HashMap<>();
        missing.forEach(key -> entries.put(key, found.getOrDefault(key.item(), UNKNOWN)));
        return entries;
    }

    static boolean isUnknown(FactorRow row) {
        return row.dimension() == 0;
    }

    void put(FeatureKey key, FactorRow row) {
        rows.put(key, CompletableFuture.completedFuture(row));
    }

    void remove(Iterable<FeatureKey> keys) {
        rows.synchronous().invalidateAll(keys);
    }

    /** Forgets all items of a version, those that are being read included. */
    void remove(ModelVersion version) {
        rows.asMap().keySet().removeIf(key -> key.version().equals(version));
    }

    /** What is in the cache, by version, in each the items that are asked for most first. Takes a pass over all entries. */
    Map<ModelVersion, List<Entry>> hottestFirst() {
        return eviction().hottest(entries -> {
            Map<ModelVersion, List<Entry>> byVersion = new HashMap<>();
            entries.forEach(entry -> byVersion
                    .computeIfAbsent(entry.getKey().version(), version -> new ArrayList<>())
                    .add(new Entry(entry.getKey().item(), entry.getValue())));
            return byVersion;
        });
    }

    /** An item and its features. */
    record Entry(String item, FactorRow row) {}

    private Policy.Eviction<FeatureKey, FactorRow> eviction() {
        return rows.synchronous().policy().eviction().orElseThrow();
    }
}
