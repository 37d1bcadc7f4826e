package io.velox.serving.features;

import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.StoredTable;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no version goes live with a cold cache: while a model has several versions loaded (one that is coming, the one that
 * answers, the one before, to which a rollback leads), the items in the cache are given their features in each of them, again and again,
 * as other items become hot.
 *
 * <p>Work is done on one thread, which may wait for the store; the methods are safe for use from any thread and do not block.
 */
public final class FeatureWarmer {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureWarmer.class);

    private final FeatureCache cache;
    private final ScheduledExecutorService thread;
    private final Duration interval;
    private final Map<ModelVersion, Loaded> versions = new ConcurrentHashMap<>();
    private final AtomicBoolean isQueued = new AtomicBoolean();
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    /**
     * @param thread a single one
     * @param interval between one look at what is asked for now and the next, while several versions of a model are loaded
     */
    public FeatureWarmer(FeatureCache cache, ScheduledExecutorService thread, Duration interval) {
        this.cache = cache;
        this.thread = thread;
        this.interval = interval;
    }

    private record Loaded(StoredTable table, CompletableFuture<Void> warmed) {}

    /** Begins to keep a version warm; completes when it is. */
    CompletableFuture<Void> add(ModelVersion version, StoredTable table) {
        Loaded loaded = new Loaded(table, new CompletableFuture<>());
        versions.put(version, loaded);
        lookNow();
        return loaded.warmed;
    }

    void remove(ModelVersion version) {
        versions.remove(version);
    }

    /** Looks at once at what has become hot since the last look. */
    void lookNow() {
        if (!versions.isEmpty() && isQueued.compareAndSet(false, true)) {
            thread.execute(() -> {
                isQueued.set(false);
                look();
            });
        }
    }

    private void look() {
        List<ModelVersion> newestFirst = versions.keySet().stream()
                .sorted(Comparator.comparing(ModelVersion::version).reversed())
                .toList();
        Map<String, Long> ofModel =
                newestFirst.stream().collect(Collectors.groupingBy(ModelVersion::model, Collectors.counting()));
        boolean isAnyBesideAnother = ofModel.size() < newestFirst.size();
        newestFirst.stream()
                .filter(version -> ofModel.getOrDefault(version.model(), 0L) > 1 || !isWarm(version))
                .forEach(this::warm);
        if (isAnyBesideAnother && isScheduled.compareAndSet(false, true)) {
            var unused = thread.schedule(
                    () -> {
                        isScheduled.set(false);
                        look();
                    },
                    interval.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Whether it was warm once: beside no other version it stays so, for the cache holds it alone. */
    private boolean isWarm(ModelVersion version) {
        Loaded loaded = versions.get(version);
        return loaded == null || loaded.warmed.isDone();
    }

    private void warm(ModelVersion version) {
        Loaded loaded = versions.get(version);
        if (loaded == null) {
            return;
        }
        try {
            cache.fill(version, loaded.table, () -> versions.containsKey(version));
            loaded.warmed.complete(null);
        } catch (VeloxException e) {
            LOG.warn("{} is not warm yet: {}", version, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the feature cache is not kept warm for " + version, e);
        }
        if (!versions.containsKey(version)) {
            cache.remove(version);
        }
    }
}
