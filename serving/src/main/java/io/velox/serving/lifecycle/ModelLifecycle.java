package io.velox.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.config.LifecycleConfiguration.RetryConfiguration;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Admission;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Origin;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.Cause;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.log.Watermark;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.VersionHistories;
import io.velox.core.store.VersionHistory.Event;
import io.velox.core.store.VersionHistory.What;
import io.velox.serving.lifecycle.VersionEvents.VersionEvent;
import io.velox.serving.users.UserFeed;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of model versions, as one state machine:
 *
 * <pre>
 * training ──► PUBLISHED ──► REBASING ──► CANDIDATE ──► ACTIVE ◄──► STANDBY ──► RETIRED
 *                   ▲                         │            │                       │
 *                   │               judged    ▼            ▼   taken back          │
 *                   ├─────── by force ────── REFUSED ◄─────┘                       │
 *                   └───────────────────── on request ─────────────────────────────┘
 *                 any loaded one ──► REJECTED, when it is found to be corrupt
 * </pre>
 *
 * A version is REBASING once every subtask of the job and every serving node have loaded it, and a CANDIDATE, which learns and is scored beside
 * the ACTIVE one, once every user is rebased onto it. What the gate lets through goes live. All that a restart needs is in the
 * catalogue: a training that ran then is published if its manifest is there, and has failed otherwise; a version that was on its way
 * goes on from there, rebasing again from the start.
 *
 * <p>A training starts on request, when the live version is stale, by the schedule, or again after one that died; never two of one
 * model at once.
 *
 * <p>A model that the configuration no longer declares is retired with all its versions at the start; declared again, the version that
 * was live last is published again.
 *
 * <p>Confined to the one thread of its executor, but for {@link #retrain}, {@link #activate} and the feed's listener.
 */
public final class ModelLifecycle implements Lifecycle, UserFeed.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLifecycle.class);
    private static final long TICK_MS = 50;
    private static final long PAUSE_AFTER_FAILURE_MS = 1_000;
    private static final int MAX_REQUESTS = 100;

    private final LifecyclePorts ports;
    private final SortedMap<String, ModelConfiguration> declared;
    private final ScheduledExecutorService executor;
    private final LinearVersions linearVersions;
    private final Trainings trainings;
    private final Rebases rebases;
    private final Judge judge;
    private final RetrainingPlan plan;
    private final RetryConfiguration retry;
    private final HistoryKeeper histories;
    private final Map<String, CatalogueEntry> entries;
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<String> settled = new HashSet<>();
    private Instant notBefore = Instant.MIN;
    private volatile boolean isSettled;

    /**
     * @param catalogue as it is now
     * @param paces of rebases, each its own
     * @param executor a single thread, the lifecycle's own
     * @param rebaser a thread that a rebase may block
     * @throws VeloxException {@code INVALID_CONFIGURATION} if a model has changed its kind
     */
    public ModelLifecycle(
            LifecyclePorts ports,
            SortedMap<String, ModelConfiguration> declared,
            LifecycleConfiguration rules,
            SortedMap<String, CatalogueEntry> catalogue,
            Supplier<RebasePace> paces,
            ScheduledExecutorService executor,
            Executor rebaser) {
        this.ports = ports;
        this.declared = declared;
        this.executor = executor;
        this.linearVersions = new LinearVersions(ports.store(), ports.clock());
        this.trainings = new Trainings(ports.trainer(), ports.store());
        this.rebases = new Rebases(
                (version, manifest) ->
                        new Rebase(version, manifest, ports.store(), ports.log(), ports.tail(), paces.get()),
                rebaser);
        this.judge = new Judge(rules, ports.health(), ports.versions());
        this.plan = new RetrainingPlan(rules.schedule(), rules.staleness().coolDown());
        this.retry = rules.retry();
        this.histories = new HistoryKeeper(new VersionHistories(ports.store()));
        this.entries = new TreeMap<>(catalogue);
        checkKinds(declared, catalogue);
    }

    /**
     * Holds the configuration against the catalogue.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION} if a model has changed its kind
     */
    public static void checkKinds(
            SortedMap<String, ModelConfiguration> declared, SortedMap<String, CatalogueEntry> catalogue) {
        declared.forEach((model, configuration) -> {
            CatalogueEntry entry = catalogue.get(model);
            if (entry != null) {
                checkKind(configuration, entry);
            }
        });
    }

    private static void checkKind(ModelConfiguration configuration, CatalogueEntry entry) {
        if (entry.kind() != configuration.kind()) {
            String key = "models." + entry.model() + ".kind";
            throw VeloxException.ofField(
                    ErrorCode.INVALID_CONFIGURATION,
                    key,
                    key + " is " + configuration.kind() + ", but the catalogue has a model of kind " + entry.kind()
                            + " under that name; give the new model another name");
        }
    }

    public ModelLifecycle start() {
        var unused = executor.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    @Override
    public CompletableFuture<CatalogueEntry> retrain(String model, TrainingKind kind, String by) {
        return onThread(() -> {
            if (declared(model) instanceof ModelConfiguration.Als als) {
                CatalogueEntry entry = entry(model);
                entry.currentTraining().filter(Training::isRunning).ifPresent(training -> {
                    throw VeloxException.ofField(
                            ErrorCode.RETRAIN_RUNNING,
                            "model",
                            "version " + training.version() + " of " + model + " is being trained since "
                                    + training.startedAt() + "; wait for it");
                });
                return train(entry, als, new Origin(kind, Cause.request(by)), 1);
            }
            throw VeloxException.ofField(
                    ErrorCode.NOT_TRAINABLE,
                    "model",
                    "model " + model + " is linear: its features are computed, and its users learn on their own");
        });
    }

    private ModelConfiguration declared(String model) {
        ModelConfiguration configuration = declared.get(model);
        if (configuration == null) {
            throw VeloxException.ofField(
                    ErrorCode.UNKNOWN_MODEL,
                    "model",
                    "the configuration declares no model '" + model + "'; it declares " + declared.keySet());
        }
        return configuration;
    }

    private CatalogueEntry train(
            CatalogueEntry entry, ModelConfiguration.Als hyperparameters, Origin origin, int attempt) {
        Optional<String> live = entry.active().map(Version::manifest);
        if (origin.kind() == TrainingKind.REFRESH && live.isEmpty()) {
            throw VeloxException.ofField(
                    ErrorCode.NOT_TRAINABLE,
                    "kind",
                    "model " + entry.model() + " has no live version to refresh; train it in full first");
        }
        ModelVersion version = new ModelVersion(entry.model(), nextVersion(entry));
        Training training = new Training(
                version.version(), ports.clock().instant(), ports.tail().end(), null, origin, attempt, null);
        CatalogueEntry recorded = write(entry.with(training));
        judge.watchAnew(entry.model());
        LOG.info(
                "{}: {} training begins ({}), on the log up to {}",
                version,
                origin.kind(),
                origin.cause(),
                training.cut());
        Optional<String> from = origin.kind() == TrainingKind.REFRESH ? live : Optional.empty();
        trainings.begin(new Trainer.Request(version, hyperparameters, training.cut(), origin.kind(), from, live));
        return recorded;
    }

    /** A number that nothing bears or bore, be it in the catalogue or half written in the store. */
    private int nextVersion(CatalogueEntry entry) {
        Stream<Integer> known = entry.versions().stream().map(Version::version);
        Stream<Integer> trained = entry.currentTraining().stream().map(Training::version);
        Stream<Integer> stored = ports.store().versionNumbers(entry.model()).stream();
        return Stream.of(known, trained, stored)
                        .flatMap(s -> s)
                        .max(Integer::compare)
                        .orElse(0)
                + 1;
    }

    @Override
    public CompletableFuture<CatalogueEntry> activate(String model, int number, boolean force) {
        return onThread(() -> {
            var unused = declared(model);
            CatalogueEntry entry = entry(model);
            Version version = entry.version(number)
                    .orElseThrow(() -> VeloxException.ofField(
                            ErrorCode.UNKNOWN_VERSION, "version", "model " + model + " has no version " + number));
            return switch (version.state()) {
                case ACTIVE -> entry;
                case PUBLISHED, REBASING, CANDIDATE ->
                    force ? write(entry.with(version.with(Admission.FORCED))) : entry;
                case STANDBY -> rollBack(entry, version.with(Admission.REQUESTED));
                case RETIRED -> write(entry.with(again(version, force)));
                case REFUSED -> {
                    if (!force) {
                        throw VeloxException.ofField(
                                ErrorCode.VERSION_REFUSED,
                                "force",
                                entry.id(version) + " was refused: " + version.reason()
                                        + "; with force=true it goes live all the same");
                    }
                    yield write(entry.with(again(version, true)));
                }
                case REJECTED ->
                    throw VeloxException.ofField(
                            ErrorCode.VERSION_NOT_LOADED,
                            "version",
                            entry.id(version) + " was rejected: " + version.reason());
            };
        });
    }

    /** A version of the store only, to be loaded again; one that was never live is judged like any other, unless it is forced. */
    private static Version again(Version version, boolean force) {
        Admission terms =
                force ? Admission.FORCED : version.activatedAt() == null ? Admission.GATED : Admission.REQUESTED;
        return version.in(VersionState.PUBLISHED, null).with(terms);
    }

    /**
     * Makes another manifest a version's own: one with the same items, and without the users that are forgotten.
     *
     * @return fails with {@code UNKNOWN_VERSION}; and with {@code VERSION_NOT_LOADED} if the version's manifest is not {@code from},
     *     or if it is on its way to be rebased, which reads what the manifest names
     */
    public CompletableFuture<CatalogueEntry> relocate(ModelVersion id, String from, String to) {
        return onThread(() -> {
            CatalogueEntry entry = entries.get(id.model());
            Version version = Optional.ofNullable(entry)
                    .flatMap(e -> e.version(id.version()))
                    .orElseThrow(() -> new VeloxException(ErrorCode.UNKNOWN_VERSION, "there is no version " + id));
            boolean isMoving = version.state() == VersionState.PUBLISHED || version.state() == VersionState.REBASING;
            if (isMoving || !version.manifest().equals(from)) {
                throw new VeloxException(
                        ErrorCode.VERSION_NOT_LOADED,
                        id + " is " + version.state() + " with " + version.manifest() + "; its manifest stays");
            }
            return write(requireNonNull(entry).with(version.at(to)));
        });
    }

    private CatalogueEntry rollBack(CatalogueEntry entry, Version version) {
        ModelVersion id = entry.id(version);
        if (ports.versions().loaded(id).isEmpty()) {
            throw VeloxException.ofField(
                    ErrorCode.VERSION_NOT_LOADED,
                    "version",
                    id + " is still being loaded on this node; retry in a moment");
        }
        return goLive(entry, version);
    }

    private CatalogueEntry goLive(CatalogueEntry entry, Version version) {
        return write(Transitions.activated(entry, version, ports.clock().instant(), judge.watermark(entry, version)));
    }

    private CompletableFuture<CatalogueEntry> onThread(Supplier<CatalogueEntry> request) {
        if (requests.incrementAndGet() > MAX_REQUESTS) {
            requests.decrementAndGet();
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, MAX_REQUESTS + " requests wait for the lifecycle; retry in a moment"));
        }
        CompletableFuture<CatalogueEntry> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                requests.decrementAndGet();
                try {
                    var unused = ports.versions()
                            .seen(request.get())
                            .whenComplete((entry, error) -> answer(answer, entry, error));
                    histories.flush();
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new VeloxException(ErrorCode.OVERLOADED, "the node stops; ask another", e));
        }
        return answer;
    }

    private static void answer(
            CompletableFuture<CatalogueEntry> answer, @Nullable CatalogueEntry entry, @Nullable Throwable error) {
        if (entry != null) {
            answer.complete(entry);
        } else {
            answer.completeExceptionally(new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE,
                    "the change is in the catalogue, but this node has not read it back; look at the model's versions in a moment",
                    requireNonNull(error)));
        }
    }

    /** Brings every model as far as it goes now. */
    void tick() {
        if (ports.clock().instant().isBefore(notBefore)) {
            return;
        }
        try {
            declared.keySet().stream()
                    .filter(model -> !entries.containsKey(model))
                    .toList()
                    .forEach(model -> write(entry(model)));
            for (String model : List.copyOf(entries.keySet())) {
                if (declared.containsKey(model)) {
                    advance(model);
                } else {
                    retire(entry(model));
                }
            }
            histories.flush();
            isSettled = true;
        } catch (VeloxException e) {
            LOG.warn("the lifecycle waits a moment: {}", e.getMessage());
            notBefore = ports.clock().instant().plusMillis(PAUSE_AFTER_FAILURE_MS);
        } catch (RuntimeException e) {
            LOG.error("the lifecycle failed, and tries again", e);
            notBefore = ports.clock().instant().plusMillis(PAUSE_AFTER_FAILURE_MS);
        }
    }

    private void advance(String model) {
        if (!settled.contains(model)) {
            settle(model);
            settled.add(model);
        }
        entry(model).currentTraining().filter(Training::isRunning).ifPresent(running -> conclude(model, running));
        retrainIfDue(model);
        for (Version version : entry(model).loaded()) {
            entry(model)
                    .version(version.version())
                    .filter(now -> now.state().isLoaded())
                    .ifPresent(now -> advance(entry(model), now));
        }
    }

    /** Once in each start: what the configuration says of the model comes about. */
    private void settle(String model) {
        if (declared(model) instanceof ModelConfiguration.Linear linear) {
            int number = linearVersions.ensure(model, nextVersion(entry(model)) - 1, linear);
            Optional<Version> known = entry(model).version(number);
            boolean wasNeverLive = known.filter(v -> v.state() == VersionState.RETIRED && v.activatedAt() == null)
                    .isPresent();
            if (known.isEmpty() || wasNeverLive) {
                write(Transitions.declared(entry(model), number, ports.clock().instant()));
            }
        }
        if (entry(model).loaded().isEmpty()) {
            entry(model).lastActive().ifPresent(version -> {
                LOG.info(
                        "{} comes back: it was live when its model was last declared",
                        entry(model).id(version));
                write(entry(model).with(version.in(VersionState.PUBLISHED, null)));
            });
        }
    }

    private void retire(CatalogueEntry entry) {
        CatalogueEntry retired = Transitions.undeclared(entry);
        if (!retired.equals(entry)) {
            LOG.info("{} is no longer declared: its versions are unloaded, and kept in the store", entry.model());
            write(retired);
        }
    }

    /** Whether every model has been brought in line with the configuration since the start. */
    public boolean isSettled() {
        return isSettled;
    }

    /** Records the end of a training that is over, or that nobody runs any more. */
    private void conclude(String model, Training training) {
        ModelVersion version = new ModelVersion(model, training.version());
        if (trainings.isRunning(version)) {
            return;
        }
        Optional<Trainings.Failure> failure = trainings.failure(version);
        if (failure.isPresent()) {
            ports.store().deleteUnpublished(version);
            LOG.warn(
                    "{}: attempt {} of {} at its training failed: {}",
                    version,
                    training.attempt(),
                    retry.attempts(),
                    failure.get().reason());
            write(entry(model).with(training.failed(failure.get().reason(), nextTry(training, failure.get()))));
        } else {
            write(Transitions.published(entry(model), training, ports.clock().instant()));
        }
        trainings.forget(version);
    }

    private @Nullable Instant nextTry(Training training, Trainings.Failure failure) {
        return failure.isFinal() || training.attempt() >= retry.attempts()
                ? null
                : ports.clock().instant().plus(retry.pauseAfter(training.attempt()));
    }

    private void retrainIfDue(String model) {
        if (!(declared(model) instanceof ModelConfiguration.Als als)) {
            return;
        }
        CatalogueEntry entry = entry(model);
        Optional<Cause> stale = entry.active().flatMap(active -> judge.staleness(entry, active));
        long scored = entry.active().map(active -> judge.scored(entry, active)).orElse(0L);
        plan.due(entry, stale, scored, ports.clock().instant())
                .ifPresent(due -> train(entry, als, new Origin(due.kind(), due.cause()), due.attempt()));
    }

    private void advance(CatalogueEntry entry, Version version) {
        ModelVersion id = entry.id(version);
        Optional<String> rejection =
                ports.nodes().rejection(id).or(() -> ports.health().rejection(id));
        if (rejection.isPresent()) {
            reject(entry, version, rejection.get());
            return;
        }
        switch (version.state()) {
            case PUBLISHED -> {
                if (ports.nodes().isLoadedEverywhere(id) && ports.health().isLoadedEverywhere(id)) {
                    // From here on whatever record finds a user behind computes the weights first: all losses count.
                    write(entry.with(version.in(VersionState.REBASING, null).with(judge.watermark(entry, version))));
                }
            }
            case REBASING -> rebase(entry, version);
            case CANDIDATE -> judge(entry, version);
            case ACTIVE -> entry.standby().ifPresent(standby -> takeBackIfWorse(entry, version, standby));
            case STANDBY, RETIRED, REFUSED, REJECTED -> {}
        }
    }

    private void judge(CatalogueEntry entry, Version candidate) {
        ModelVersion id = entry.id(candidate);
        if (candidate.admission() == Admission.FORCED) {
            goLive(entry, candidate);
            return;
        }
        if (Judge.isOutdated(entry, candidate)) {
            write(entry.with(candidate.with(judge.watermark(entry, candidate))));
            return;
        }
        Instant now = ports.clock().instant();
        judge.verdict(entry, candidate, now).ifPresent(verdict -> {
            LOG.info("{}: {}", id, verdict.reason());
            histories.add(
                    List.of(new VersionEvent(id, new Event(now, What.JUDGED, verdict.reason(), null, null, verdict))));
            if (verdict.passed()) {
                goLive(entry, candidate);
            } else {
                write(entry.with(candidate.in(VersionState.REFUSED, verdict.reason())));
            }
        });
    }

    private void takeBackIfWorse(CatalogueEntry entry, Version active, Version standby) {
        Instant now = ports.clock().instant();
        judge.rollback(entry, active, standby, now).ifPresent(reason -> {
            LOG.warn("{}: {}", entry.id(active), reason);
            write(Transitions.takenBack(entry, active, standby, reason, now));
        });
    }

    private void rebase(CatalogueEntry entry, Version version) {
        ModelVersion id = entry.id(version);
        Optional<CompletableFuture<Long>> done = rebases.advance(id, version.manifest());
        if (done.isEmpty()) {
            return;
        }
        Optional<Throwable> failure = Trainings.failure(done.get());
        if (failure.isEmpty()) {
            boolean isJudged = version.admission() == Admission.GATED
                    && entry.kind() == ModelKind.ALS
                    && entry.active().isPresent();
            if (isJudged) {
                Watermark mark = version.watermark();
                Version candidate = version.in(VersionState.CANDIDATE, null);
                write(entry.with(candidate.with(mark == null ? judge.watermark(entry, version) : mark)));
            } else {
                goLive(entry, version);
            }
            rebases.end(id);
            return;
        }
        rebases.end(id);
        if (failure.get() instanceof VeloxException e && e.code() == ErrorCode.CORRUPT_MODEL) {
            reject(entry, version, String.valueOf(e.getMessage()));
        } else if (!(failure.get() instanceof CancellationException)) {
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE,
                    "the rebase onto " + id + " begins anew: " + failure.get(),
                    failure.get());
        }
    }

    private void reject(CatalogueEntry entry, Version version, String reason) {
        write(Transitions.rejected(entry, version, reason, ports.clock().instant()));
        LOG.warn("{} is rejected: {}", entry.id(version), reason);
        rebases.end(entry.id(version));
    }

    private CatalogueEntry entry(String model) {
        CatalogueEntry entry = entries.get(model);
        return entry != null
                ? entry
                : CatalogueEntry.of(model, requireNonNull(declared.get(model)).kind());
    }

    private CatalogueEntry write(CatalogueEntry entry) {
        CatalogueEntry before = entries.getOrDefault(entry.model(), CatalogueEntry.of(entry.model(), entry.kind()));
        ports.catalogue().accept(entry);
        entries.put(entry.model(), entry);
        histories.add(VersionEvents.between(before, entry, ports.clock().instant()));
        LOG.info(
                "{}: {}",
                entry.model(),
                entry.versions().stream()
                        .map(version -> version.version() + " " + version.state())
                        .toList());
        return entry;
    }

    /** Binds the meters of rebases; whoever ends the lifecycle removes them. */
    public List<Meter> bindTo(MeterRegistry registry) {
        return rebases.bindTo(registry);
    }

    @Override
    public void update(UserUpdate update) {
        rebases.applied(update);
    }

    /** What the job has applied is no longer known, so the rebase under way begins anew. */
    @Override
    public void gap() {
        rebases.cancel();
    }

    /** Ends the rebase under way; the executors are their owner's to end. */
    @Override
    public void close() {
        rebases.cancel();
    }
}
