package io.velox.bench.experiment;

import io.velox.bench.data.SyntheticVersion;
import io.velox.core.model.Item;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.serving.features.ComputedFeatureCache;
import io.velox.serving.features.FeatureCache;
import io.velox.serving.features.FeatureTables;
import io.velox.serving.features.FeatureWarmer;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.features.StorePool;
import io.velox.serving.lifecycle.LoadedVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Versions whose features come from where serving can have them: each call opens one with caches of its own. */
final class PredictionSources {
    private static final long NO_BOUND = 1L << 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of an entry of the feature cache, with features of so many bytes. */
    private static final int BYTES_OF_CACHED_ITEM = 230 + Float.BYTES * (SyntheticVersion.RANK + 1);

    private final ModelStore store;
    private final Manifest manifest;
    private final ScheduledExecutorService threads;

    /** @param threads for reads of the store */
    PredictionSources(ModelStore store, long seed, ScheduledExecutorService threads) throws IOException {
        this.store = store;
        this.manifest = SyntheticVersion.write(store, seed);
        this.threads = threads;
    }

    /** Of the tables. */
    List<Item> ids() {
        return IntStream.rangeClosed(1, SyntheticVersion.ITEMS)
                .mapToObj(i -> Item.ofId(Integer.toString(i)))
                .toList();
    }

    /** As many items as the tables have, each an array of as many numbers of four digits. */
    List<Item> data(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < SyntheticVersion.ITEMS; i++) {
            String numbers = random.ints(SyntheticVersion.RANK, 1, 10_000)
                    .mapToObj(n -> "0." + String.format("%04d", n) + "1")
                    .collect(Collectors.joining(","));
            items.add(new Item(Item.Kind.DATA, "[" + numbers + "]"));
        }
        return items;
    }

    LoadedVersion inMemory() {
        return new LoadedVersion(manifest, store.open(manifest));
    }

    /** In the store, with a cache of a tenth of the items. */
    LoadedVersion inStore() {
        StorePool readers = new StorePool(threads, PATIENCE);
        FeatureCache cache = new FeatureCache((long) SyntheticVersion.ITEMS / 10 * BYTES_OF_CACHED_ITEM, readers);
        FeatureWarmer warmer = new FeatureWarmer(cache, threads, PATIENCE);
        OpenVersion opened =
                new FeatureTables(store, 0, cache, readers, warmer, new ComputedFeatureCache(0)).open(manifest);
        return new LoadedVersion(manifest, opened.model(), opened.features());
    }

    /** Computed from the item at each request. */
    LoadedVersion computed() {
        return linear(linear());
    }

    /** Computed from an item once. */
    LoadedVersion computedOnce() {
        return linear(new ComputedFeatureCache(NO_BOUND).keepingFeatures(linear()));
    }

    private static LinearModel linear() {
        LinearInputs inputs = LinearInputs.array(SyntheticVersion.RANK);
        return new LinearModel(new ModelVersion("lin", 1), inputs, Prior.zero(inputs.dimension(), 1), 1);
    }

    private static LoadedVersion linear(VeloxModel model) {
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                model.id().model(),
                model.id().version(),
                ModelKind.LINEAR,
                model.dimension(),
                model.prior(),
                model.noise(),
                LinearInputs.array(SyntheticVersion.RANK),
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                List.of());
        return new LoadedVersion(manifest, model);
    }
}
