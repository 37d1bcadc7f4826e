package io.velox.serving.features;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.serving.features.FeatureCache.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no version goes live with a cold cache. The cache belongs to the versions that answer. Every other version that is
 * loaded (one that is coming, and the one before, to which a rollback leads) keeps a {@link WarmSet} beside it: the features, in that
 * version, of what the cache holds of the version that answers, brought up to date while it waits. When the catalogue says that
 * another version is ACTIVE, its warm set becomes the cache's entries, and the entries of the version before become that one's warm set.
 *
 * <p>All warm sets together take as many bytes as the cache may, the newest coming version first. Work is done on one thread, which may
 * wait for the store; the other methods are safe for use from any thread and do not block.
 */
public final class WarmSets {
    private static final Logger LOG = LoggerFactory.getLogger(WarmSets.class);

    private final FeatureCache cache;
    private final ScheduledExecutorService warmer;
    private final Duration interval;
    private final Map<ModelVersion, WarmSet> sets = new ConcurrentHashMap<>();
    private final Map<ModelVersion, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();
    private final Map<String, ModelVersion> answering = new HashMap<>();
    private final AtomicBoolean isQueued = new AtomicBoolean();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private volatile SortedMap<String, CatalogueEntry> catalogue = Collections.emptySortedMap();
    private volatile long bytes;

    /**
     * @param warmer a single thread
     * @param interval between one look at what is asked for now and the next, while some version waits
     */
    public WarmSets(FeatureCache cache, ScheduledExecutorService warmer, Duration interval) {
        this.cache = cache;
        this.warmer = warmer;
        this.interval = interval;
    }

    /** The bytes of all warm sets, as {@code velox_feature_cache_warm_bytes}. */
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("velox.feature.cache.warm.bytes", this, sets -> sets.bytes)
                .register(registry);
    }

    /** Takes a new picture of the catalogue. */
    public void follow(SortedMap<String, CatalogueEntry> entries) {
        catalogue = entries;
        if (!sets.isEmpty()) {
            refreshSoon();
        }
    }

    /** Begins to keep a version warm; completes when it is, and at once if it answers already. */
    CompletableFuture<Void> add(ModelVersion version, WarmSet set) {
        CompletableFuture<Void> warmed = new CompletableFuture<>();
        sets.put(version, set);
        if (isActive(version)) {
            warmed.complete(null);
        } else {
            awaited.put(version, warmed);
        }
        refreshSoon();
        return warmed;
    }

    void remove(ModelVersion version) {
        sets.remove(version);
        awaited.remove(version);
        refreshSoon();
    }

    private void refreshSoon() {
        if (isQueued.compareAndSet(false, true)) {
            warmer.execute(() -> {
                isQueued.set(false);
                refresh();
            });
        }
    }

    private void refresh() {
        try {
            SortedMap<String, CatalogueEntry> entries = catalogue;
            answering.keySet().retainAll(entries.keySet());
            entries.values().forEach(this::handOver);
            bytes = fillWaiting();
        } catch (RuntimeException e) {
            LOG.error("the feature cache is not kept warm", e);
        }
        boolean hasWaiting = sets.keySet().stream().anyMatch(version -> !isActive(version));
        if (hasWaiting && isScheduled.compareAndSet(false, true)) {
            var unused = warmer.schedule(
                    () -> {
                        isScheduled.set(false);
                        refresh();
                    },
                    interval.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Follows the model from one version that answers to the next. */
    private void handOver(CatalogueEntry entry) {
        Optional<ModelVersion> active = entry.active().map(entry::id);
        ModelVersion before = answering.get(entry.model());
        if (active.isEmpty() || active.get().equals(before)) {
            return;
        }
        ModelVersion now = active.get();
        List<Entry> hottest = List.of();
        if (before != null) {
            hottest = cache.hottestFirst().getOrDefault(before, List.of());
            WarmSet past = sets.get(before);
            if (past != null) {
                past.takeFrom(cache, before, hottest);
            }
        }
        WarmSet next = sets.get(now);
        if (next != null) {
            fillBeforeHandOver(now, next, hottest);
            next.handOver(cache, now, hottest);
        }
        answering.put(entry.model(), now);
    }

    /** What has become hot since the last look; requests find what the set has already meanwhile. */
    private void fillBeforeHandOver(ModelVersion version, WarmSet set, List<Entry> hottest) {
        if (hottest.isEmpty()) {
            return;
        }
        try {
            set.fill(hottest, cache.maxBytes());
        } catch (VeloxException e) {
            LOG.warn("{} goes live with the warm set that it has: {}", version, e.getMessage());
        }
    }

    private long fillWaiting() {
        List<ModelVersion> waiting = waiting();
        if (waiting.isEmpty()) {
            return 0;
        }
        Map<ModelVersion, List<Entry>> hottest = cache.hottestFirst();
        long used = 0;
        for (ModelVersion version : waiting) {
            WarmSet set = sets.get(version);
            ModelVersion active = answering.get(version.model());
            if (set == null) {
                continue;
            }
            try {
                List<Entry> wanted = active == null ? List.of() : hottest.getOrDefault(active, List.of());
                used += set.fill(wanted, cache.maxBytes() - used);
                CompletableFuture<Void> warmed = awaited.remove(version);
                if (warmed != null) {
                    warmed.complete(null);
                }
            } catch (VeloxException e) {
                LOG.warn("{} is not warm yet: {}", version, e.getMessage());
            }
        }
        return used;
    }

    /** The versions that do not answer: those that are coming first, newest first, then those that answered before. */
    private List<ModelVersion> waiting() {
        List<ModelVersion> waiting = new ArrayList<>();
        for (ModelVersion version : sets.keySet()) {
            if (!isActive(version)) {
                waiting.add(version);
            }
        }
        waiting.sort(Comparator.comparing(this::isStandby)
                .thenComparing(Comparator.comparingInt(ModelVersion::version).reversed()));
        return waiting;
    }

    private boolean isActive(ModelVersion version) {
        return isIn(version, VersionState.ACTIVE);
    }

    private boolean isStandby(ModelVersion version) {
        return isIn(version, VersionState.STANDBY);
    }

    private boolean isIn(ModelVersion version, VersionState state) {
        CatalogueEntry entry = catalogue.get(version.model());
        return entry != null
                && entry.version(version.version())
                        .filter(v -> v.state() == state)
                        .isPresent();
    }
}
