package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.judge.Verdict;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Origin;
import io.velox.core.log.Cause;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.LogCut;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserRecord;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.VersionHistory;
import io.velox.core.store.VersionHistory.Event;
import io.velox.core.store.VersionHistory.What;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.health.AuditPass;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.lifecycle.Lifecycle;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.log.ItemLog;
import io.velox.serving.log.ObservationLog;
import io.velox.serving.predict.TestWorld;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.UserView;
import io.velox.serving.users.Users;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Stand-ins for what the API is a front of: all in memory, with their calls on record. */
final class Fakes {
    private Fakes() {}

    /** Answers late and on a foreign thread, as the real ones do. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    static final class FakeUsers implements Users {
        final Map<String, UserModel> models = new ConcurrentHashMap<>();
        final Map<String, List<HistoryEntry>> histories = new ConcurrentHashMap<>();
        volatile @Nullable VeloxException failure;
        volatile @Nullable String degraded;
        volatile @Nullable Duration lastTimeout;

        @Override
        public CompletableFuture<UserView> find(String uid, Optional<Revision> after, Duration timeout) {
            return later(uid, after, timeout).thenApply(user -> new UserView(user, Optional.ofNullable(degraded)));
        }

        @Override
        public CompletableFuture<UserSnapshot> snapshot(String uid, Optional<Revision> after, Duration timeout) {
            return later(uid, after, timeout)
                    .thenApply(user -> new UserSnapshot(user, histories.getOrDefault(uid, List.of())));
        }

        private CompletableFuture<Optional<UserModel>> later(String uid, Optional<Revision> after, Duration timeout) {
            lastTimeout = timeout;
            return CompletableFuture.supplyAsync(
                    () -> {
                        VeloxException failing = failure;
                        if (failing != null) {
                            throw failing;
                        }
                        Optional<UserModel> user = Optional.ofNullable(models.get(uid));
                        if (after.isPresent()
                                && !user.map(u -> u.revision().hasReached(after.get()))
                                        .orElse(false)) {
                            throw VeloxException.ofField(ErrorCode.RECEIPT_TIMEOUT, "after", "not applied in time");
                        }
                        return user;
                    },
                    LATER);
        }
    }

    /** Takes records in the order in which they are given, once {@code isOpen} is done. */
    static final class FakeLog implements ObservationLog {
        final List<UserRecord> records = new CopyOnWriteArrayList<>();
        volatile boolean isDown;
        volatile CompletableFuture<Void> isOpen = CompletableFuture.completedFuture(null);
        private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

        @Override
        public synchronized CompletableFuture<List<Revision>> append(List<? extends UserRecord> appended) {
            List<UserRecord> copy = List.copyOf(appended);
            CompletableFuture<Void> before = CompletableFuture.allOf(last.exceptionally(e -> null), isOpen);
            CompletableFuture<List<Revision>> written = before.thenApplyAsync(now -> write(copy), LATER);
            last = written;
            return written;
        }

        /** Empties it, once what was given to it before has been taken or refused. */
        synchronized void reset() {
            var unused = last.exceptionally(e -> null).join();
            records.clear();
            isDown = false;
        }

        private List<Revision> write(List<UserRecord> appended) {
            if (isDown) {
                throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the log cannot be written");
            }
            List<Revision> receipts = new ArrayList<>();
            for (int i = 0; i < appended.size(); i++) {
                receipts.add(new Revision(0, 1, records.size() + i));
            }
            records.addAll(appended);
            return receipts;
        }
    }

    /** Takes registrations at once, and lets the node read them. */
    static final class FakeItemLog implements ItemLog {
        private final ItemRegistry registry;
        private final AtomicLong next = new AtomicLong(100);
        volatile boolean isDown;

        FakeItemLog(ItemRegistry registry) {
            this.registry = registry;
        }

        @Override
        public CompletableFuture<List<Long>> append(List<ItemRecord> records) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        checkUp();
                        List<Long> revisions = new ArrayList<>();
                        for (ItemRecord record : records) {
                            revisions.add(next.getAndIncrement());
                            registry.accept(record, revisions.get(revisions.size() - 1));
                        }
                        return revisions;
                    },
                    LATER);
        }

        @Override
        public CompletableFuture<Long> remove(ItemKey item) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        checkUp();
                        long revision = next.getAndIncrement();
                        registry.remove(item, revision);
                        return revision;
                    },
                    LATER);
        }

        private void checkUp() {
            if (isDown) {
                throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the log cannot be written");
            }
        }
    }

    static final class FakeModels implements LiveModels {
        final SortedMap<String, CatalogueEntry> entries = new ConcurrentSkipListMap<>(TestWorld.catalogue());
        final Map<ModelVersion, LoadedVersion> loaded = new ConcurrentHashMap<>(TestWorld.loaded());
        /** How long it keeps the thread that asks for the entries. */
        volatile Duration work = Duration.ZERO;

        @Override
        public SortedMap<String, CatalogueEntry> entries() {
            for (long end = System.nanoTime() + work.toNanos(); System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            return entries;
        }

        @Override
        public Optional<LoadedVersion> loaded(ModelVersion version) {
            return Optional.ofNullable(loaded.get(version));
        }

        @Override
        public CompletableFuture<Manifest> manifest(ModelVersion version) {
            return version.version() == 4
                    ? CompletableFuture.failedFuture(
                            new VeloxException(ErrorCode.CORRUPT_MODEL, "manifest.json is no JSON"))
                    : CompletableFuture.completedFuture(TestWorld.manifest(version, TestWorld.als(version)));
        }
    }

    /** Versions 1 to 4 have a history. */
    static CompletableFuture<VersionHistory> history(ModelVersion version) {
        VersionHistory history = new VersionHistory(version.model(), version.version(), List.of());
        Origin origin = new Origin(TrainingKind.REFRESH, Cause.request("somebody"));
        Verdict verdict =
                new Verdict(TestWorld.NOW, true, List.of(new Verdict.Check("live", 0.9, 0.91, 500, true)), "not worse");
        return CompletableFuture.completedFuture(
                version.version() > 4
                        ? history
                        : history.plus(new Event(
                                        TestWorld.NOW,
                                        What.TRAINING,
                                        "attempt 1",
                                        origin,
                                        new LogCut(0, Map.of(0, 10L)),
                                        null))
                                .plus(new Event(TestWorld.NOW, What.JUDGED, "not worse", null, null, verdict))
                                .plus(new Event(TestWorld.NOW, What.LIVE, null)));
    }

    static final class FakeLifecycle implements Lifecycle {
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<CatalogueEntry> retrain(String model, TrainingKind kind, String by) {
            calls.add("retrain " + model + (kind == TrainingKind.FULL ? "" : " " + kind));
            if (model.equals("lin")) {
                return CompletableFuture.failedFuture(new VeloxException(
                        ErrorCode.NOT_TRAINABLE, "model 'lin' has nothing to train: its features are the items"));
            }
            CatalogueEntry entry = TestWorld.catalogue().getOrDefault(model, CatalogueEntry.of(model, ModelKind.ALS));
            return CompletableFuture.completedFuture(
                    entry.with(new CatalogueEntry.Training(5, TestWorld.NOW, new LogCut(0, Map.of(0, 10L)), null)));
        }

        @Override
        public CompletableFuture<CatalogueEntry> activate(String model, int version, boolean force) {
            calls.add("activate " + model + "/" + version + (force ? " by force" : ""));
            CatalogueEntry entry = TestWorld.catalogue().get(model);
            CatalogueEntry.Version changed = entry.version(version).orElseThrow();
            if (changed.state() == VersionState.RETIRED) {
                return CompletableFuture.completedFuture(entry.with(changed.in(VersionState.PUBLISHED, null)));
            }
            CatalogueEntry demoted = entry.with(entry.active().orElseThrow().in(VersionState.STANDBY, null));
            return CompletableFuture.completedFuture(demoted.with(changed.activeSince(TestWorld.NOW)));
        }
    }

    /** This node's last audit, in the minute that is not over. */
    static AuditPass audit() {
        return new AuditPass(
                TestWorld.NOW.plusSeconds(1),
                new TreeMap<>(Map.of("als", new HealthMinute.Audit(TestWorld.NOW.plusSeconds(1), 19, 0, 1e-12))),
                Map.of(TestWorld.ALS_3, new LossMoments(1, 0.25, 1)));
    }

    static final class FakeHealth implements JobHealth {
        @Override
        public Optional<String> jobId() {
            return Optional.of("00ff");
        }

        @Override
        public Optional<Instant> lastReport() {
            return Optional.of(TestWorld.NOW);
        }

        @Override
        public Map<ModelVersion, LossMoments> loss() {
            return Map.of(TestWorld.ALS_3, new LossMoments(4, 3, 0));
        }

        @Override
        public LossMoments lossSince(ModelVersion version, Instant time) {
            boolean isOfMinute = !time.isBefore(TestWorld.NOW.minusSeconds(60));
            return version.equals(TestWorld.ALS_3) ? new LossMoments(isOfMinute ? 1 : 2, 1.62, 1) : LossMoments.NONE;
        }

        @Override
        public Map<ModelVersion, LossMoments> validation() {
            return Map.of(TestWorld.ALS_3, new LossMoments(1, 0.5, 0.25));
        }

        @Override
        public Map<ModelVersion, Long> unknown() {
            return Map.of(TestWorld.ALS_3, 6L);
        }

        @Override
        public List<HealthRecord.WorstUser> worst(ModelVersion version) {
            return version.equals(TestWorld.ALS_3)
                    ? List.of(new HealthRecord.WorstUser("u7", 4.5, 9), new HealthRecord.WorstUser("u8", 4, 12))
                    : List.of();
        }

        @Override
        public List<HealthRecord.Pair> pairs(String model) {
            return model.equals("als")
                    ? List.of(
                            new HealthRecord.Pair("als", 2, 3, new PairedLoss(2, 3, 2, 0.5)),
                            new HealthRecord.Pair("als", 1, 3, new PairedLoss(1, 3, 2, 1)))
                    : List.of();
        }

        @Override
        public List<HealthMinute> history(String model) {
            return model.equals("als") ? List.of(minute(120), minute(2), minute(1)) : List.of();
        }

        /** The minute that began so long before now. */
        private static HealthMinute minute(long ago) {
            LossMoments one = new LossMoments(1, 0.75, 1);
            return new HealthMinute(
                    "als",
                    TestWorld.NOW.getEpochSecond() / 60 - ago,
                    List.of(new HealthMinute.Version(3, one, one, LossMoments.NONE, LossMoments.NONE, one)),
                    "",
                    new HealthMinute.Freshness(1, 4, 9, 9),
                    ago == 1 ? new HealthMinute.Audit(TestWorld.NOW.minusSeconds(30), 20, 1, 0.5) : null);
        }

        @Override
        public PairedLoss paired(ModelVersion first, ModelVersion second) {
            return PairedLoss.NONE;
        }

        @Override
        public boolean isLoadedEverywhere(ModelVersion version) {
            return version.equals(TestWorld.ALS_3);
        }

        @Override
        public Optional<String> rejection(ModelVersion version) {
            return version.version() == 4 ? Optional.of("a checksum is wrong") : Optional.empty();
        }
    }
}
