package io.velox.serving.lifecycle;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Admission;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.log.Watermark;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.VersionHistory.Event;
import io.velox.core.store.VersionHistory.What;
import io.velox.serving.lifecycle.VersionEvents.VersionEvent;
import io.velox.serving.users.UserFeed;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

    private final LifecyclePorts ports;
    private final ScheduledExecutorService executor;
    private final CatalogueBook book;
    private final LinearVersions linearVersions;
    private final Judge judge;
    private final TrainingDesk trainings;
    private final Rebases rebases;
    private final LifecycleRequests requests;
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
        checkKinds(declared, catalogue);
        this.ports = ports;
        this.executor = executor;
        this.book = new CatalogueBook(ports, declared, catalogue);
        this.linearVersions = new LinearVersions(ports.store(), ports.clock());
        this.judge = new Judge(rules, ports.health(), ports.versions());
        this.trainings = new TrainingDesk(ports, book, judge, rules);
        this.rebases = new Rebases(
                (version, manifest) ->
                        new Rebase(version, manifest, ports.store(), ports.log(), ports.tail(), paces.get()),
                rebaser);
        this.requests = new LifecycleRequests(executor, ports.versions());
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
        return requests.ask(() -> trainings.begin(model, kind, by), book::flushHistories);
    }

    @Override
    public CompletableFuture<CatalogueEntry> activate(String model, int number, boolean force) {
        return requests.ask(() -> goLive(model, number, force), book::flushHistories);
    }

    private CatalogueEntry goLive(String model, int number, boolean force) {
        var unused = book.declared(model);
        CatalogueEntry entry = book.entry(model);
        Version version = entry.version(number)
                .orElseThrow(() -> VeloxException.ofField(
                        ErrorCode.UNKNOWN_VERSION, "version", "model " + model + " has no version " + number));
        return switch (version.state()) {
            case ACTIVE -> entry;
            case PUBLISHED, REBASING, CANDIDATE ->
                force ? book.write(entry.with(version.with(Admission.FORCED))) : entry;
            case STANDBY -> rollBack(entry, version.with(Admission.REQUESTED));
            case RETIRED -> book.write(entry.with(again(version, force)));
            case REFUSED -> {
                if (!force) {
                    throw VeloxException.ofField(
                            ErrorCode.VERSION_REFUSED,
                            "force",
                            entry.id(version) + " was refused: " + version.reason()
                                    + "; with force=true it goes live all the same");
                }
                yield book.write(entry.with(again(version, true)));
            }
            case REJECTED ->
                throw VeloxException.ofField(
                        ErrorCode.VERSION_NOT_LOADED,
                        "version",
                        entry.id(version) + " was rejected: " + version.reason());
        };
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
        return requests.ask(() -> relocated(id, from, to), book::flushHistories);
    }

    private CatalogueEntry relocated(ModelVersion id, String from, String to) {
        Optional<CatalogueEntry> entry = book.find(id.model());
        Version version = entry.flatMap(e -> e.version(id.version()))
                .orElseThrow(() -> new VeloxException(ErrorCode.UNKNOWN_VERSION, "there is no version " + id));
        boolean isMoving = version.state() == VersionState.PUBLISHED || version.state() == VersionState.REBASING;
        if (isMoving || !version.manifest().equals(from)) {
            throw new VeloxException(
                    ErrorCode.VERSION_NOT_LOADED,
                    id + " is " + version.state() + " with " + version.manifest() + "; its manifest stays");
        }
        return book.write(entry.orElseThrow().with(version.at(to)));
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
        return book.write(Transitions.activated(entry, version, book.now(), judge.watermark(entry, version)));
    }

    /** Brings every model as far as it goes now. */
    void tick() {
        if (book.now().isBefore(notBefore)) {
            return;
        }
        try {
            book.enterDeclared();
            for (String model : book.models()) {
                if (book.isDeclared(model)) {
                    advance(model);
                } else {
                    retire(book.entry(model));
                }
            }
            book.flushHistories();
            isSettled = true;
        } catch (VeloxException e) {
            LOG.warn("the lifecycle waits a moment: {}", e.getMessage());
            notBefore = book.now().plusMillis(PAUSE_AFTER_FAILURE_MS);
        } catch (RuntimeException e) {
            LOG.error("the lifecycle failed, and tries again", e);
            notBefore = book.now().plusMillis(PAUSE_AFTER_FAILURE_MS);
        }
    }

    private void advance(String model) {
        if (!settled.contains(model)) {
            settle(model);
            settled.add(model);
        }
        trainings.advance(model);
        for (Version version : book.entry(model).loaded()) {
            book.entry(model)
                    .version(version.version())
                    .filter(now -> now.state().isLoaded())
                    .ifPresent(now -> advance(book.entry(model), now));
        }
    }

    /** Once in each start: what the configuration says of the model comes about. */
    private void settle(String model) {
        if (book.declared(model) instanceof ModelConfiguration.Linear linear) {
            int number = linearVersions.ensure(model, book.nextVersion(book.entry(model)) - 1, linear);
            Optional<Version> known = book.entry(model).version(number);
            boolean wasNeverLive = known.filter(v -> v.state() == VersionState.RETIRED && v.activatedAt() == null)
                    .isPresent();
            if (known.isEmpty() || wasNeverLive) {
                book.write(Transitions.declared(book.entry(model), number, book.now()));
            }
        }
        if (book.entry(model).loaded().isEmpty()) {
            book.entry(model).lastActive().ifPresent(version -> {
                LOG.info(
                        "{} comes back: it was live when its model was last declared",
                        book.entry(model).id(version));
                book.write(book.entry(model).with(version.in(VersionState.PUBLISHED, null)));
            });
        }
    }

    private void retire(CatalogueEntry entry) {
        CatalogueEntry retired = Transitions.undeclared(entry);
        if (!retired.equals(entry)) {
            LOG.info("{} is no longer declared: its versions are unloaded, and kept in the store", entry.model());
            book.write(retired);
        }
    }

    /** Whether every model has been brought in line with the configuration since the start. */
    public boolean isSettled() {
        return isSettled;
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
                    book.write(
                            entry.with(version.in(VersionState.REBASING, null).with(judge.watermark(entry, version))));
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
            book.write(entry.with(candidate.with(judge.watermark(entry, candidate))));
            return;
        }
        Instant now = book.now();
        judge.verdict(entry, candidate, now).ifPresent(verdict -> {
            LOG.info("{}: {}", id, verdict.reason());
            book.note(new VersionEvent(id, new Event(now, What.JUDGED, verdict.reason(), null, null, verdict)));
            if (verdict.passed()) {
                goLive(entry, candidate);
            } else {
                book.write(entry.with(candidate.in(VersionState.REFUSED, verdict.reason())));
            }
        });
    }

    private void takeBackIfWorse(CatalogueEntry entry, Version active, Version standby) {
        Instant now = book.now();
        judge.rollback(entry, active, standby, now).ifPresent(reason -> {
            LOG.warn("{}: {}", entry.id(active), reason);
            book.write(Transitions.takenBack(entry, active, standby, reason, now, judge.watermark(entry, standby)));
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
                book.write(entry.with(candidate.with(mark == null ? judge.watermark(entry, version) : mark)));
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
        book.write(
                Transitions.rejected(entry, version, reason, book.now(), standby -> judge.watermark(entry, standby)));
        LOG.warn("{} is rejected: {}", entry.id(version), reason);
        rebases.end(entry.id(version));
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
