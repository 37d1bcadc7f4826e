package io.velox.serving.lifecycle;

import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.config.LifecycleConfiguration.GateConfiguration;
import io.velox.core.config.LifecycleConfiguration.RetryConfiguration;
import io.velox.core.config.LifecycleConfiguration.RollbackConfiguration;
import io.velox.core.config.LifecycleConfiguration.ScheduleConfiguration;
import io.velox.core.config.LifecycleConfiguration.StalenessConfiguration;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.LogCut;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.ManualScheduler;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.log.LogTail;
import io.velox.serving.log.ObservationLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Everything around the lifecycle, in memory but for the store: a catalogue that outlives it, a log whose records the job applies at
 * once, a job that loads what the catalogue wants, a trainer that ends when the test says so.
 */
final class LifecycleWorld {
    static final ModelConfiguration.Als ALS = new ModelConfiguration.Als(1, 0.1, 1, true, PriorKind.ZERO);
    static final ModelConfiguration.Linear LINEAR = new ModelConfiguration.Linear(2, List.of(), true, 0.5, 1);

    final StoredVersions versions;
    final SortedMap<String, CatalogueEntry> catalogue = new TreeMap<>();
    final List<CatalogueEntry> written = new ArrayList<>();
    final List<UserRecord.Rebased> rebased = new ArrayList<>();
    final List<String> tailUsers = new ArrayList<>();
    final List<Trainer.Request> requests = new ArrayList<>();
    final ItemRegistry items = new ItemRegistry(new ManualScheduler());
    final SortedMap<String, ModelConfiguration> declared = new TreeMap<>(Map.of("als", ALS));
    Executor rebaser = Runnable::run;
    LifecycleConfiguration rules = new LifecycleConfiguration(
            new GateConfiguration(0.02, 100, 200, 4),
            new RollbackConfiguration(0.05, 100, 60),
            new StalenessConfiguration(1.25, 200, 0.2, 200, 1),
            new ScheduleConfiguration(0, 0, 0, 0),
            new RetryConfiguration(3, 30));

    /** What trainings promise. */
    SortedMap<String, Double> metrics = new TreeMap<>(Map.of("heldOutRmse", 0.9));

    /** What the job reports of items that a version does not know. */
    private final Map<ModelVersion, Long> unknown = new TreeMap<>();

    /** What the job reports of losses. */
    final SortedMap<ModelVersion, LossMoments> losses = new TreeMap<>();

    final Map<String, PairedLoss> pairs = new TreeMap<>();
    boolean isJobRunning = true;
    boolean isJobApplying = true;
    boolean isCatalogueReadBack = true;
    boolean isFeedFasterThanLog;
    Consumer<CatalogueEntry> beforeWrite = entry -> {};
    Consumer<CatalogueEntry> afterWrite = entry -> {};
    LogCut tailFrom = new LogCut(0, Map.of());
    private final List<CompletableFuture<Void>> trainings = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long offset = 100;
    private final ExecutorService job = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fake-job");
        thread.setDaemon(true);
        return thread;
    });
    private HealthFeed health = newHealth();
    private LoadedModels loaded;
    private FakeNodes nodes;
    private ModelLifecycle lifecycle;

    LifecycleWorld(Path folder) {
        this.versions = new StoredVersions(folder);
        restart();
    }

    private static HealthFeed newHealth() {
        return new HealthFeed(
                () -> {
                    throw new IllegalStateException("not started");
                },
                "health");
    }

    /** A new process over the same catalogue and store; what only the old one knew is gone. */
    void restart() {
        if (lifecycle != null) {
            lifecycle.close();
        }
        trainings.clear();
        health = newHealth();
        loaded = new LoadedModels(versions.store(), new ManualScheduler(), Runnable::run);
        loaded.accept(new TreeMap<>(catalogue));
        nodes = new FakeNodes(loaded);
        lifecycle = newLifecycle();
    }

    ModelLifecycle newLifecycle() {
        return new ModelLifecycle(
                new LifecyclePorts(
                        this::write, versions.store(), items, loaded, health, nodes, log(), tail(), trainer(), clock()),
                declared,
                rules,
                new TreeMap<>(catalogue),
                () -> new RebasePace(3, Duration.ofSeconds(10), System::nanoTime),
                new ManualScheduler(),
                rebaser);
    }

    /** The other serving nodes. */
    FakeNodes nodes() {
        return nodes;
    }

    ModelLifecycle lifecycle() {
        return lifecycle;
    }

    CompletableFuture<CatalogueEntry> retrain(String model) {
        return lifecycle.retrain(model, TrainingKind.FULL, "test");
    }

    CompletableFuture<CatalogueEntry> activate(String model, int version) {
        return lifecycle.activate(model, version, false);
    }

    /** Lets the lifecycle, and the job, go on for a few seconds. */
    void run() {
        for (int i = 0; i < 10; i++) {
            tick();
        }
    }

    void tick() {
        now = now.plus(Duration.ofSeconds(2));
        if (isJobRunning) {
            report("job", Map.of());
        }
        lifecycle.tick();
    }

    /** The job reports on every version that the catalogue wants loaded. */
    void report(String job, Map<ModelVersion, String> rejections) {
        for (int subtask = 0; subtask < 2; subtask++) {
            boolean isFirst = subtask == 0;
            List<HealthRecord.Version> reported = new ArrayList<>();
            for (CatalogueEntry entry : catalogue.values()) {
                entry.loaded()
                        .forEach(v -> reported.add(new HealthRecord.Version(
                                entry.model(),
                                v.version(),
                                isFirst ? losses.getOrDefault(entry.id(v), LossMoments.NONE) : LossMoments.NONE,
                                rejections.get(entry.id(v)),
                                LossMoments.NONE,
                                List.of(),
                                isFirst ? unknown.getOrDefault(entry.id(v), 0L) : 0L)));
            }
            health.accept(new HealthRecord(job, subtask, 2, now, reported, isFirst ? pairs() : List.of()));
        }
    }

    /** So many observations in all were of items that the version does not know. */
    void unknown(int version, long count) {
        unknown.put(new ModelVersion("als", version), count);
    }

    private List<HealthRecord.Pair> pairs() {
        List<HealthRecord.Pair> reported = new ArrayList<>();
        pairs.forEach((versions, loss) -> reported.add(new HealthRecord.Pair(
                "als",
                Integer.parseInt(versions.substring(0, versions.indexOf('/'))),
                Integer.parseInt(versions.substring(versions.indexOf('/') + 1)),
                loss)));
        return reported;
    }

    /** Traffic that two versions of {@code als} score, the lower number first, each with about the given error. */
    void score(int first, double errorOfFirst, int second, double errorOfSecond, int n) {
        for (int i = 0; i < n; i++) {
            double swing = i % 2 == 0 ? 0.5 : 1.5;
            double a = swing * errorOfFirst * errorOfFirst;
            double b = swing * errorOfSecond * errorOfSecond;
            losses.merge(new ModelVersion("als", first), LossMoments.NONE.plus(a), LossMoments::plus);
            losses.merge(new ModelVersion("als", second), LossMoments.NONE.plus(b), LossMoments::plus);
            pairs.merge(first + "/" + second, PairedLoss.NONE.plus(a, b), PairedLoss::plus);
        }
    }

    /** Traffic that one version of {@code als} scores. */
    void score(int version, double error, int n) {
        for (int i = 0; i < n; i++) {
            double loss = (i % 2 == 0 ? 0.5 : 1.5) * error * error;
            losses.merge(new ModelVersion("als", version), LossMoments.NONE.plus(loss), LossMoments::plus);
        }
    }

    /** Time passes, and the lifecycle looks. */
    void pass(Duration time) {
        now = now.plus(time);
        tick();
    }

    /** The training under way ends well: the version is in the store. */
    void trainingEnds(List<String> users) {
        Trainer.Request request = requests.get(requests.size() - 1);
        versions.write(request.version(), request.cut(), users, metrics);
        trainings.get(trainings.size() - 1).complete(null);
    }

    /** The training under way says that it ended well, and did not. */
    void completeWithoutManifest() {
        trainings.get(trainings.size() - 1).complete(null);
    }

    void trainingFails(String reason) {
        trainings.get(trainings.size() - 1).completeExceptionally(new IllegalStateException(reason));
    }

    void trainingIsRefused(String reason) {
        trainings.get(trainings.size() - 1).completeExceptionally(new Trainer.Refused(reason));
    }

    /** Trains and brings to life one more version of {@code als}. */
    void liveVersion(String... users) {
        retrain("als").join();
        trainingEnds(List.of(users));
        run();
    }

    /** {@code 1 STANDBY, 2 ACTIVE}. */
    String states(String model) {
        return String.join(
                ", ",
                catalogue.get(model).versions().stream()
                        .map(v -> v.version() + " " + v.state())
                        .toList());
    }

    private void write(CatalogueEntry entry) {
        beforeWrite.accept(entry);
        written.add(entry);
        catalogue.put(entry.model(), entry);
        if (isCatalogueReadBack) {
            loaded.accept(new TreeMap<>(catalogue));
        }
        afterWrite.accept(entry);
    }

    /** A version as this node has loaded it. */
    Optional<LoadedVersion> loaded(ModelVersion version) {
        return loaded.loaded(version);
    }

    /** The feed brings that a user stands at a revision. */
    void deliver(String uid, long at) {
        lifecycle.update(new UserUpdate(new UserModel(uid, new Revision(0, 0, at), 0, false, List.of()), null, null));
    }

    private ObservationLog log() {
        return records -> {
            UserRecord.Rebased record = (UserRecord.Rebased) records.get(0);
            rebased.add(record);
            long at = offset++;
            if (isJobApplying && isFeedFasterThanLog) {
                deliver(record.uid(), at);
            } else if (isJobApplying) {
                job.execute(() -> deliver(record.uid(), at));
            }
            return CompletableFuture.completedFuture(List.of(new Revision(0, 0, at)));
        };
    }

    private LogTail tail() {
        return new LogTail() {
            @Override
            public LogCut end() {
                return new LogCut(0, Map.of(0, 100L));
            }

            @Override
            public void users(LogCut from, LogCut to, Consumer<String> uids) {
                tailFrom = from;
                tailUsers.forEach(uids);
            }
        };
    }

    private Trainer trainer() {
        return new Trainer() {
            @Override
            public CompletableFuture<Void> train(Request request) {
                requests.add(request);
                CompletableFuture<Void> training = new CompletableFuture<>();
                trainings.add(training);
                return training;
            }

            @Override
            public CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace) {
                throw new AssertionError("the lifecycle compacts nothing");
            }

            @Override
            public Optional<Instant> readingSince() {
                return Optional.empty();
            }

            @Override
            public void endAll(String reason) {
                throw new AssertionError("the lifecycle's owner ends trainings");
            }

            @Override
            public void close() {}
        };
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    static VeloxException unavailable() {
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the broker is gone");
    }
}
