package io.velox.serving.lifecycle;

import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.config.LifecycleConfiguration.RetryConfiguration;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Origin;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.Cause;
import io.velox.core.log.TrainingKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ItemMetadataFiles;
import io.velox.serving.items.RegisteredItem;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins trainings, on request and when they are due, and records how they end: one at a time of each model. Each is in the catalogue
 * before it begins, so that none is forgotten in a crash. Confined to the lifecycle's thread.
 */
final class TrainingDesk {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingDesk.class);

    private final LifecyclePorts ports;
    private final CatalogueBook book;
    private final Judge judge;
    private final Trainings trainings;
    private final RetrainingPlan plan;
    private final RetryConfiguration retry;

    TrainingDesk(LifecyclePorts ports, CatalogueBook book, Judge judge, LifecycleConfiguration rules) {
        this.ports = ports;
        this.book = book;
        this.judge = judge;
        this.trainings = new Trainings(ports.trainer(), ports.store());
        this.plan = new RetrainingPlan(rules.schedule(), rules.staleness().coolDown());
        this.retry = rules.retry();
    }

    /**
     * Begins a training that somebody asks for.
     *
     * @throws VeloxException {@code UNKNOWN_MODEL}, {@code RETRAIN_RUNNING}, {@code NOT_TRAINABLE}, {@code LOG_UNAVAILABLE},
     *     {@code STORE_UNAVAILABLE}
     */
    CatalogueEntry begin(String model, TrainingKind kind, String by) {
        if (!(book.declared(model) instanceof ModelConfiguration.Als als)) {
            throw VeloxException.ofField(
                    ErrorCode.NOT_TRAINABLE,
                    "model",
                    "model " + model + " is linear: its features are computed, and its users learn on their own");
        }
        CatalogueEntry entry = book.entry(model);
        entry.currentTraining().filter(Training::isRunning).ifPresent(training -> {
            throw VeloxException.ofField(
                    ErrorCode.RETRAIN_RUNNING,
                    "model",
                    "version " + training.version() + " of " + model + " is being trained since " + training.startedAt()
                            + "; wait for it");
        });
        return begin(entry, als, new Origin(kind, Cause.request(by)), 1);
    }

    private CatalogueEntry begin(
            CatalogueEntry entry, ModelConfiguration.Als hyperparameters, Origin origin, int attempt) {
        Optional<String> live = entry.active().map(Version::manifest);
        if (origin.kind() == TrainingKind.REFRESH && live.isEmpty()) {
            throw VeloxException.ofField(
                    ErrorCode.NOT_TRAINABLE,
                    "kind",
                    "model " + entry.model() + " has no live version to refresh; train it in full first");
        }
        ModelVersion version = new ModelVersion(entry.model(), book.nextVersion(entry));
        Optional<String> itemMetadata = itemMetadata(version);
        Training training =
                new Training(version.version(), book.now(), ports.tail().end(), null, origin, attempt, null);
        CatalogueEntry recorded = book.write(entry.with(training));
        judge.watchAnew(entry);
        LOG.info(
                "{}: {} training begins ({}), on the log up to {}",
                version,
                origin.kind(),
                origin.cause(),
                training.cut());
        Optional<String> from = origin.kind() == TrainingKind.REFRESH ? live : Optional.empty();
        trainings.begin(
                new Trainer.Request(version, hyperparameters, training.cut(), origin.kind(), from, live, itemMetadata));
        return recorded;
    }

    /** Writes what is registered of the model's items for the training of a version; empty if nothing is. */
    private Optional<String> itemMetadata(ModelVersion version) {
        SortedMap<String, Metadata> described = new TreeMap<>();
        for (RegisteredItem item : ports.items().all(version.model())) {
            if (!item.metadata().isEmpty()) {
                described.put(item.item(), item.metadata());
            }
        }
        return described.isEmpty()
                ? Optional.empty()
                : Optional.of(new ItemMetadataFiles(ports.store()).write(version, described));
    }

    /** Records the end of the model's training if it is over, and begins the next if that is due. */
    void advance(String model) {
        book.entry(model).currentTraining().filter(Training::isRunning).ifPresent(running -> conclude(model, running));
        if (book.declared(model) instanceof ModelConfiguration.Als als) {
            beginIfDue(book.entry(model), als);
        }
    }

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
            book.write(
                    book.entry(model).with(training.failed(failure.get().reason(), nextTry(training, failure.get()))));
        } else {
            book.write(Transitions.published(book.entry(model), training, book.now()));
        }
        trainings.forget(version);
    }

    private @Nullable Instant nextTry(Training training, Trainings.Failure failure) {
        return failure.isFinal() || training.attempt() >= retry.attempts()
                ? null
                : book.now().plus(retry.pauseAfter(training.attempt()));
    }

    private void beginIfDue(CatalogueEntry entry, ModelConfiguration.Als hyperparameters) {
        Optional<Cause> stale = entry.active().flatMap(active -> judge.staleness(entry, active));
        Judge.Observed observed =
                entry.active().map(active -> judge.observed(entry, active)).orElse(Judge.Observed.NOTHING);
        plan.due(entry, stale, observed, book.now())
                .ifPresent(due -> begin(entry, hyperparameters, new Origin(due.kind(), due.cause()), due.attempt()));
    }
}
