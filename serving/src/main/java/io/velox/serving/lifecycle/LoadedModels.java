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
 * The versions that the catalogue wants loaded, loaded: read from the store and verified on the loader's thread, published as one
 * immutable picture, and let go when the catalogue no longer wants them. A version that is corrupt is remembered as rejected; a store
 * that is away is tried again.
 */
public final class LoadedModels implements LiveModels {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);
    private static final long RETRY_MS = 1_000;
    private static final long SEEN_WITHIN_MS = 5_000;
    private static final int MANIFESTS = 64;

    private final ModelStore store;
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

    /**
     * @param loader a single thread
     * @param manifestReader reads manifests of versions that are not loaded; it has a bounded queue and rejects what is beyond
     */
    public LoadedModels(ModelStore store, ScheduledExecutorService loader, Executor manifestReader) {
        this.store = store;
        this.loader = loader;
        this.manifestReader = manifestReader;
    }

    /** Takes a new picture of the catalogue. */
    public void accept(SortedMap<String, CatalogueEntry> catalogue) {
        entries = catalogue;
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
            if (!loaded.containsKey(id) && !rejections.containsKey(id)) {
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
            loaded = Map.copyOf(kept);
        }
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
            LoadedVersion version = new LoadedVersion(manifest, store.open(manifest));
            Map<ModelVersion, LoadedVersion> next = new TreeMap<>(loaded);
            next.put(id, version);
            loaded = Map.copyOf(next);
            LOG.info("{} is loaded, in {} ms", id, (System.nanoTime() - start) / 1_000_000);
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
