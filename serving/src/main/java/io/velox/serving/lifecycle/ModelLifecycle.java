package io.velox.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
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
 * training ──► PUBLISHED ──► REBASING ──► ACTIVE ◄──► STANDBY ──► RETIRED
 *                │   ▲          │           │            │           │
 *                │   └──────────┼───────────┼────────────┼───────────┘ on request
 *                └───► REJECTED ◄───────────┴────────────┘ corrupt
 * </pre>
 *
 * A version is REBASING once every subtask of the job and every serving node have loaded it, ACTIVE once every user is rebased onto it. All
 * that a restart needs is in the catalogue: a training that ran then is published if its manifest is there, and has failed otherwise;
 * a version that was PUBLISHED or REBASING goes on from there, rebasing again from the start.
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
    public CompletableFuture<CatalogueEntry> retrain(String model) {
        return onThread(() -> {
            if (declared(model) instanceof ModelConfiguration.Als als) {
                return train(entry(model), als);
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

    private CatalogueEntry train(CatalogueEntry entry, ModelConfiguration.Als hyperparameters) {
        entry.currentTraining().filter(Training::isRunning).ifPresent(training -> {
            throw VeloxException.ofField(
                    ErrorCode.RETRAIN_RUNNING,
                    "model",
                    "version " + training.version() + " of " + entry.model() + " is being trained since "
                            + training.startedAt() + "; wait for it");
        });
        ModelVersion version = new ModelVersion(entry.model(), nextVersion(entry));
        Training training = new Training(
                version.version(), ports.clock().instant(), ports.tail().end(), null);
        CatalogueEntry recorded = write(entry.with(training));
        LOG.info("{}: training begins, on the log up to {}", version, training.cut());
        trainings.begin(new Trainer.Request(
                version,
                hyperparameters,
                training.cut(),
                TrainingKind.FULL,
                Optional.empty(),
                entry.active().map(Version::manifest)));
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
    public CompletableFuture<CatalogueEntry> activate(String model, int number) {
        return onThread(() -> {
            var unused = declared(model);
            CatalogueEntry entry = entry(model);
            Version version = entry.version(number)
                    .orElseThrow(() -> VeloxException.ofField(
                            ErrorCode.UNKNOWN_VERSION, "version", "model " + model + " has no version " + number));
            return switch (version.state()) {
                case ACTIVE, PUBLISHED, REBASING -> entry;
                case STANDBY -> rollBack(entry, version);
                case RETIRED -> write(entry.with(version.in(VersionState.PUBLISHED, null)));
                case REJECTED ->
                    throw VeloxException.ofField(
                            ErrorCode.VERSION_NOT_LOADED,
                            "version",
                            entry.id(version) + " was rejected: " + version.reason());
            };
        });
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
        return write(Transitions.activated(entry, version, ports.clock().instant()));
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
                write(Transitions.published(entry(model), number, ports.clock().instant()));
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
        Optional<String> failure = trainings.failure(version);
        if (failure.isPresent()) {
            LOG.warn("{}: training failed: {}", version, failure.get());
            write(Transitions.failed(entry(model), training, failure.get()));
        } else {
            write(Transitions.published(
                    entry(model), training.version(), ports.clock().instant()));
        }
        trainings.forget(version);
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
                    write(entry.with(version.in(VersionState.REBASING, null)));
                }
            }
            case REBASING -> rebase(entry, version);
            case ACTIVE, STANDBY, RETIRED, REJECTED -> {}
        }
    }

    private void rebase(CatalogueEntry entry, Version version) {
        ModelVersion id = entry.id(version);
        Optional<CompletableFuture<Long>> done = rebases.advance(id, version.manifest());
        if (done.isEmpty()) {
            return;
        }
        Optional<Throwable> failure = Trainings.failure(done.get());
        if (failure.isEmpty()) {
            write(Transitions.activated(entry, version, ports.clock().instant()));
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
        ports.catalogue().accept(entry);
        entries.put(entry.model(), entry);
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
