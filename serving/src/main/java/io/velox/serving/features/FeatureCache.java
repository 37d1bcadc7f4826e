package io.velox.serving.features;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Policy.CacheEntry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorRow;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.StoredTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The features of the items that are asked for most, of all models whose tables stay in the store: bounded by bytes. An entry is an
 * item, with its features in each version of its model: what is asked for often is so whichever version answers, and a swap changes
 * nothing here. An item that a version does not know is an entry too, so that asking for it again costs nothing.
 *
 * <p>Requests that miss the same item wait for one read. Reads run on a pool of their own, with a bounded queue and a deadline. Safe
 * for use from any thread; nothing blocks, but for {@link #fill}.
 */
public final class FeatureCache {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);

    /** Stands for an item that the version does not know. */
    private static final FactorRow UNKNOWN = new FactorRow(new float[0], 0, 0);

    /** Items that are read by one task, so that many missing ones are read on several threads. */
    private static final int ITEMS_PER_READ = 256;

    /** Items that are read at once to fill a version, hottest first, so that what is there when time runs out is what matters most. */
    private static final int ITEMS_PER_FILL = 4096;

    private final Cache<ItemKey, CachedItem> items;
    private final Map<Wanted, CompletableFuture<FactorRow>> reading = new ConcurrentHashMap<>();
    private final StorePool readers;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder readNanos = new LongAdder();
    private volatile long bytesOfOthers;

    /**
     * @param maxBytes of all entries together, each with the features of one version; those of others come on top
     * @param readers for what is missing
     */
    public FeatureCache(long maxBytes, StorePool readers) {
        this.readers = readers;
        this.items = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((ItemKey key, CachedItem item) -> CachedItem.bytes(key.item(), item.dimension()))
                .executor(Runnable::run)
                .build();
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
        Gauge.builder("velox.feature.cache.warm.bytes", this, cache -> cache.bytesOfOthers)
                .description("what versions beside the one that answers take")
                .register(registry);
    }

    private record Wanted(ModelVersion version, String item) {}

    /** What the entries take in memory with the features of one version, about. */
    long bytes() {
        return eviction().weightedSize().orElse(0);
    }

    /** Takes a pass over all entries: not for the thread that is asked for metrics. */
    private void weighOthers() {
        bytesOfOthers = items.asMap().values().stream()
                .mapToLong(CachedItem::bytesOfOthers)
                .sum();
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

    /** The item's features if they are here; {@link #isUnknown} if it is known that there are none. */
    @Nullable
    FactorRow ifPresent(ModelVersion version, String item) {
        CachedItem cached = items.getIfPresent(new ItemKey(version.model(), item));
        return cached == null ? null : cached.in(version.version());
    }

    static boolean isUnknown(FactorRow row) {
        return row.dimension() == 0;
    }

    /** Reads items of one version, or waits for reads of them that are under way; {@link #isUnknown} is what it does not know. */
    CompletableFuture<Map<String, FactorRow>> read(
            ModelVersion version, StoredTable table, Collection<String> missing) {
        Map<String, CompletableFuture<FactorRow>> rows = new HashMap<>();
        List<String> unread = new ArrayList<>();
        for (String item : missing) {
            CompletableFuture<FactorRow> row = new CompletableFuture<>();
            CompletableFuture<FactorRow> underWay = reading.putIfAbsent(new Wanted(version, item), row);
            rows.put(item, underWay == null ? row : underWay);
            if (underWay == null) {
                unread.add(item);
            }
        }
        for (int from = 0; from < unread.size(); from += ITEMS_PER_READ) {
            List<String> some = unread.subList(from, Math.min(unread.size(), from + ITEMS_PER_READ));
            try {
                readers.execute(() -> readNow(version, table, some));
            } catch (VeloxException e) {
                fail(version, unread.subList(from, unread.size()), e);
                break;
            }
        }
        return readers.await(CompletableFuture.allOf(rows.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<String, FactorRow> read = new HashMap<>();
                    rows.forEach((item, row) -> read.put(item, row.join()));
                    return read;
                }));
    }

    private void readNow(ModelVersion version, StoredTable table, List<String> some) {
        try {
            long start = System.nanoTime();
            Map<String, FactorRow> found = table.find(some);
            reads.increment();
            readNanos.add(System.nanoTime() - start);
            for (String item : some) {
                FactorRow row = found.getOrDefault(item, UNKNOWN);
                put(version, item, table.dimension(), row);
                ended(version, item).complete(row);
            }
        } catch (RuntimeException e) {
            LOG.warn("features cannot be read: {}", e.getMessage());
            fail(version, some, e);
        }
    }

    private void put(ModelVersion version, String item, int dimension, FactorRow row) {
        ItemKey key = new ItemKey(version.model(), item);
        CachedItem cached = items.get(key, missing -> new CachedItem(dimension));
        cached.put(version.version(), row);
        weigh(key, cached, dimension);
    }

    /** A version of more features than those before it makes the entry heavier. */
    private void weigh(ItemKey key, CachedItem cached, int dimension) {
        if (dimension > cached.dimension()) {
            items.asMap().replace(key, cached, cached.ofDimension(dimension));
        }
    }

    /** A read that fails leaves nothing behind but its failure to whoever waits for it. */
    private void fail(ModelVersion version, List<String> some, RuntimeException failure) {
        for (String item : some) {
            ended(version, item).completeExceptionally(failure);
        }
    }

    private CompletableFuture<FactorRow> ended(ModelVersion version, String item) {
        CompletableFuture<FactorRow> row = reading.remove(new Wanted(version, item));
        return row == null ? new CompletableFuture<>() : row;
    }

    /**
     * Gives every entry of the model its features in one more version. Blocks.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}, {@code CORRUPT_MODEL}
     */
    void fill(ModelVersion version, StoredTable table, BooleanSupplier isWanted) {
        List<CacheEntry<ItemKey, CachedItem>> missing = hottestWithout(version);
        for (int from = 0; from < missing.size() && isWanted.getAsBoolean(); from += ITEMS_PER_FILL) {
            var some = missing.subList(from, Math.min(missing.size(), from + ITEMS_PER_FILL));
            Map<String, FactorRow> found =
                    table.find(some.stream().map(entry -> entry.getKey().item()).toList());
            for (CacheEntry<ItemKey, CachedItem> entry : some) {
                FactorRow row = found.getOrDefault(entry.getKey().item(), UNKNOWN);
                entry.getValue().put(version.version(), row);
                weigh(entry.getKey(), entry.getValue(), table.dimension());
            }
        }
        weighOthers();
    }

    /** The entries of the model that lack the features of a version, those that are asked for most first. Takes a pass over all. */
    private List<CacheEntry<ItemKey, CachedItem>> hottestWithout(ModelVersion version) {
        return eviction().hottest(entries -> entries.filter(
                        entry -> entry.getKey().model().equals(version.model())
                                && entry.getValue().in(version.version()) == null)
                .toList());
    }

    /** Forgets what it holds of a version. Takes a pass over all entries. */
    void remove(ModelVersion version) {
        items.asMap().forEach((key, cached) -> {
            if (key.model().equals(version.model())) {
                remove(version, key, cached);
            }
        });
        weighOthers();
    }

    /** Forgets some items of a version. */
    void remove(ModelVersion version, Collection<String> some) {
        for (String item : some) {
            ItemKey key = new ItemKey(version.model(), item);
            CachedItem cached = items.getIfPresent(key);
            if (cached != null) {
                remove(version, key, cached);
            }
        }
    }

    private void remove(ModelVersion version, ItemKey key, CachedItem cached) {
        if (cached.remove(version.version())) {
            items.asMap().remove(key, cached);
        }
    }

    private Policy.Eviction<ItemKey, CachedItem> eviction() {
        return items.policy().eviction().orElseThrow();
    }
}
