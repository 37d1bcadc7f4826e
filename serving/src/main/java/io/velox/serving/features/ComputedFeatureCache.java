package io.velox.serving.features;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.VeloxModel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The features that models compute from items' data, of all models together: bounded by bytes. They depend on the item and on the
 * model's inputs alone, so that versions and models of the same inputs share them, and none is ever out of date. Safe for use from any
 * thread; nothing blocks.
 */
public final class ComputedFeatureCache {
    /** Of an entry, beside the item's characters and the features: objects' headers, references, counts. */
    private static final int BYTES_OF_ENTRY = 216;

    private final Cache<Key, FeatureVector> items;
    private final Map<LinearInputs, Integer> numbers = new HashMap<>(); // guarded by itself
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadNanos = new LongAdder();

    /** Inputs by their number, which is hashed sooner than all their names. */
    private record Key(int inputs, String item) {}

    /** @param maxBytes of all entries together; 0 for none */
    public ComputedFeatureCache(long maxBytes) {
        this.items = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, FeatureVector features) -> bytes(key.item(), features.dimension()))
                .executor(Runnable::run)
                .build();
    }

    /** Meters of lookups, computations and bytes, as {@code velox_computed_cache_*}. */
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("velox.computed.cache.hits", hits, LongAdder::sum)
                .description("lookups of items whose features had been computed before, be it to check the item")
                .register(registry);
        FunctionCounter.builder("velox.computed.cache.misses", misses, LongAdder::sum)
                .description("lookups of items whose features were not there")
                .register(registry);
        FunctionTimer.builder(
                        "velox.computed.cache.loads",
                        this,
                        cache -> cache.loads.sum(),
                        cache -> cache.loadNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("computations of an item's features")
                .register(registry);
        Gauge.builder("velox.computed.cache.bytes", this, ComputedFeatureCache::bytes)
                .register(registry);
    }

    /** What an entry takes in memory, about. */
    private static int bytes(String item, int dimension) {
        return BYTES_OF_ENTRY + item.length() + Double.BYTES * dimension;
    }

    /** What the entries take in memory, about. */
    long bytes() {
        return items.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    /** The same model, with what it computes kept here. */
    public VeloxModel keepingFeatures(LinearModel model) {
        int number;
        synchronized (numbers) {
            number = numbers.computeIfAbsent(model.inputs(), inputs -> numbers.size());
        }
        return new CachedLinearModel(model, this, number);
    }

    @Nullable
    FeatureVector ifPresent(int inputs, String item) {
        FeatureVector features = items.getIfPresent(new Key(inputs, item));
        (features == null ? misses : hits).increment();
        return features;
    }

    /** Computes features and keeps them; fails as the computation does, and keeps nothing then. */
    FeatureVector load(int inputs, String item, Supplier<FeatureVector> computation) {
        long start = System.nanoTime();
        FeatureVector features = computation.get();
        loads.increment();
        loadNanos.add(System.nanoTime() - start);
        items.put(new Key(inputs, item), features);
        return features;
    }
}
