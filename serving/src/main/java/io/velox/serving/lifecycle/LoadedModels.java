package io.velox.serving.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.features.VersionOpener;
import io.velox.serving.items.ItemRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that the catalogue wants loaded, loaded: opened and verified on the loader's thread, waited for until they are warm,
 * published as one immutable picture, and let go when the catalogue no longer wants them. A version that is corrupt is remembered as
 * rejected; a store that is away is tried again.
 */
public final class LoadedModels implements LiveModels {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);
    private static final long RETRY_MS = 1_000;
    private static final long SEEN_WITHIN_MS = 5_000;
    private static final int MANIFESTS = 64;

    private final ModelStore store;
    private final VersionOpener opener;
    private final ItemRegistry items;
    private final Duration patience;
    private final ScheduledExecutorService loader;
    private final Executor manifestReader;
    private final Cache<ModelVersion, Manifest> manifests =
            Caffeine.newBuilder().maximumSize(MANIFESTS).executor(Runnable::run).build();
    private final AtomicBoolean isReconciling = new AtomicBoolean();
    private final AtomicBoolean isRetrying = new AtomicBoolean();
    private final Queue<Sighting> sightings = new ConcurrentLinkedQueue<>();
    private volatile SortedMap<String, CatalogueEntry> entries = Collections.emptySortedMap();
    private volatile Map<ModelVersion, LoadedVersion> loaded = Map.of();
    private volatile Map<ModelVersion, String> rejections = Map.of();
    /** Opened, and not loaded until they are warm; the loader's own. */
    private final Map<ModelVersion, LoadedVersion> warming = new TreeMap<>();

    /** Loads every version into memory, where there is nothing to warm; of no model items are registered. */
    public LoadedModels(ModelStore store, ScheduledExecutorService loader, Executor manifestReader) {
        this(
                store,
                manifest -> OpenVersion.inMemory(store.open(manifest)),
                new ItemRegistry(loader),
                Duration.ZERO,
                loader,
                manifestReader);
    }

    /**
     * @param items what is registered of the items of each model
     * @param patience after which a version counts as loaded though it is not warm
     * @param loader a single thread
     * @param manifestReader reads manifests of versions that are not loaded; it has a bounded queue and rejects what is beyond
     */
    public LoadedModels(
            ModelStore store,
            VersionOpener opener,
            ItemRegistry items,
            Duration patience,
            ScheduledExecutorService loader,
            Executor manifestReader) {
        this.store = store;
        this.opener = opener;
        this.items = items;
        this.patience = patience;
        this.loader = loader;
        this.manifestReader = manifestReader;
    }

    /** Takes a new picture of the catalogue. */
    public void accept(SortedMap<String, CatalogueEntry> catalogue) {
        entries = catalogue;
        opener.catalogueChanges();
        notice();
        if (isReconciling.compareAndSet(false, true)) {
            loader.execute(this::reconcile);
        }
    }

    /**
     * Completes when this node answers by an entry that has been written, so that whoever asked for the change reads it back. No other
     * entry of the model may be written before this is called.
     */
    CompletableFuture<CatalogueEntry> seen(CatalogueEntry entry) {
        Sighting sighting = new Sighting(entry, new CompletableFuture<>());
        sightings.add(sighting);
        notice();
        return sighting.seen().orTimeout(SEEN_WITHIN_MS, TimeUnit.MILLISECONDS);
    }

    private void notice() {
        sightings.removeIf(sighting -> {
            CatalogueEntry now = entries.get(sighting.entry().model());
            return sighting.seen().isDone()
                    || (sighting.entry().equals(now) && sighting.seen().complete(sighting.entry()));
        });
    }

    private record Sighting(CatalogueEntry entry, CompletableFuture<CatalogueEntry> seen) {}

    @Override
    public SortedMap<String, CatalogueEntry> entries() {
        return entries;
    }

    @Override
    public Optional<LoadedVersion> loaded(ModelVersion version) {
        return Optional.ofNullable(loaded.get(version));
    }

    /** Why this node refused the version, if it did. */
    public Optional<String> rejection(ModelVersion version) {
        return Optional.ofNullable(rejections.get(version));
    }

    @Override
    public CompletableFuture<Manifest> manifest(ModelVersion version) {
        LoadedVersion known = loaded.get(version);
        Manifest cached = known != null ? known.manifest() : manifests.getIfPresent(version);
        if (cached != null) {
            return CompletableFuture.completedFuture(cached);
        }
        CatalogueEntry entry = entries.get(version.model());
        Optional<CatalogueEntry.Version> found = entry == null ? Optional.empty() : entry.version(version.version());
        if (found.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new VeloxException(ErrorCode.UNKNOWN_VERSION, "there is no version " + version));
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        Manifest manifest = store.readManifest(found.get().manifest());
                        manifests.put(version, manifest);
                        return manifest;
                    },
                    manifestReader);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, "too many manifests are being read from the store; retry in a moment", e));
        }
    }

    private void reconcile() {
        isReconciling.set(false);
        Map<ModelVersion, CatalogueEntry.Version> wanted = wanted(entries);
        keepOnly(wanted);
        wanted.forEach((id, version) -> {
            LoadedVersion almost = warming.get(id);
            if (almost != null && version.state() == VersionState.ACTIVE) {
                publish(id, almost);
            } else if (almost == null && !loaded.containsKey(id) && !rejections.containsKey(id)) {
                load(id, version.manifest());
            }
        });
    }

    /** What is to be loaded, and in that order: versions that answer first. */
    private static Map<ModelVersion, CatalogueEntry.Version> wanted(SortedMap<String, CatalogueEntry> entries) {
        Map<ModelVersion, CatalogueEntry.Version> wanted = new LinkedHashMap<>();
        for (boolean isActive : List.of(true, false)) {
            for (CatalogueEntry entry : entries.values()) {
                entry.loaded().stream()
                        .filter(version -> (version.state() == VersionState.ACTIVE) == isActive)
                        .sorted(Comparator.comparingInt(CatalogueEntry.Version::version)
                                .reversed())
                        .forEach(version -> wanted.put(entry.id(version), version));
            }
        }
        return wanted;
    }

    private void keepOnly(Map<ModelVersion, CatalogueEntry.Version> wanted) {
        Map<ModelVersion, LoadedVersion> kept = new TreeMap<>(loaded);
        if (kept.keySet().retainAll(wanted.keySet())) {
            Map<ModelVersion, LoadedVersion> before = loaded;
            loaded = Map.copyOf(kept);
            before.forEach((id, version) -> {
                if (!kept.containsKey(id)) {
                    version.release();
                }
            });
        }
        warming.entrySet().removeIf(version -> {
            boolean isWanted = wanted.containsKey(version.getKey());
            if (!isWanted) {
                version.getValue().release();
            }
            return !isWanted;
        });
        Map<ModelVersion, String> stillRejected = new TreeMap<>(rejections);
        if (stillRejected.keySet().retainAll(wanted.keySet())) {
            rejections = Map.copyOf(stillRejected);
        }
    }

    private void load(ModelVersion id, String address) {
        long start = System.nanoTime();
        try {
            Manifest manifest = store.readManifest(address);
            if (!manifest.id().equals(id)) {
                throw new VeloxException(ErrorCode.CORRUPT_MODEL, address + " is the manifest of " + manifest.id());
            }
            OpenVersion opened = opener.open(manifest);
            LOG.info("{} is opened, in {} ms", id, (System.nanoTime() - start) / 1_000_000);
            warm(id, new LoadedVersion(manifest, opened.model(), opened.features(), items.open(id, opened)));
        } catch (VeloxException e) {
            if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
                LOG.warn("{} cannot be loaded yet: {}", id, e.getMessage());
                retryLater();
            } else {
                reject(id, e, String.valueOf(e.getMessage()));
            }
        } catch (RuntimeException e) {
            reject(id, e, e.toString());
        }
    }

    private void warm(ModelVersion id, LoadedVersion version) {
        CompletableFuture<Void> warmed = version.warmed();
        if (warmed.isDone()) {
            publish(id, version);
            return;
        }
        warming.put(id, version);
        var unused = warmed.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> loader.execute(() -> {
                    LoadedVersion almost = warming.get(id);
                    if (almost != null) {
                        if (failure != null) {
                            LOG.warn("{} is not warm after {}, and is loaded as it is", id, patience);
                        }
                        publish(id, almost);
                    }
                }));
    }

    private void publish(ModelVersion id, LoadedVersion version) {
        warming.remove(id);
        Map<ModelVersion, LoadedVersion> next = new TreeMap<>(loaded);
        next.put(id, version);
        loaded = Map.copyOf(next);
        LOG.info("{} is loaded", id);
    }

    private void retryLater() {
        if (isRetrying.compareAndSet(false, true)) {
            var unused = loader.schedule(
                    () -> {
                        isRetrying.set(false);
                        reconcile();
                    },
                    RETRY_MS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void reject(ModelVersion id, RuntimeException cause, String reason) {
        LOG.error("{} is refused", id, cause);
        Map<ModelVersion, String> next = new TreeMap<>(rejections);
        next.put(id, reason);
        rejections = Map.copyOf(next);
    }
}
