package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The trainings that this process has begun, and what became of them. Confined to the lifecycle's thread. */
final class Trainings {
    private static final String INTERRUPTED = "interrupted by a restart";

    private final Trainer trainer;
    private final ModelStore store;
    private final Map<ModelVersion, CompletableFuture<Void>> begun = new HashMap<>();

    Trainings(Trainer trainer, ModelStore store) {
        this.trainer = trainer;
        this.store = store;
    }

    void begin(Trainer.Request request) {
        begun.put(request.version(), trainer.train(request));
    }

    /** Whether the training goes on; one that an earlier process began does not. */
    boolean isRunning(ModelVersion version) {
        CompletableFuture<Void> training = begun.get(version);
        return training != null && !training.isDone();
    }

    /**
     * Why a training failed.
     *
     * @param isFinal whether another attempt would fail in the same way
     */
    record Failure(String reason, boolean isFinal) {}

    /**
     * Why a training that no longer runs has failed; empty if its version is in the store.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE} if that cannot be told now
     */
    Optional<Failure> failure(ModelVersion version) {
        CompletableFuture<Void> training = begun.get(version);
        Optional<Throwable> failure = training == null ? Optional.empty() : failure(training);
        return failure.isPresent()
                ? failure.map(Trainings::described)
                : missingManifest(version).map(missing -> new Failure(training == null ? INTERRUPTED : missing, false));
    }

    private static Failure described(Throwable e) {
        return new Failure(e.getMessage() == null ? e.toString() : e.getMessage(), e instanceof Trainer.Refused);
    }

    private Optional<String> missingManifest(ModelVersion version) {
        try {
            store.readManifest(ModelStore.manifestAddress(version));
            return Optional.empty();
        } catch (VeloxException e) {
            if (e.code() != ErrorCode.CORRUPT_MODEL) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The training is recorded as over. */
    void forget(ModelVersion version) {
        begun.remove(version);
    }

    /** What a future that is done failed with. */
    static Optional<Throwable> failure(CompletableFuture<?> done) {
        try {
            done.join();
            return Optional.empty();
        } catch (CompletionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        } catch (CancellationException e) {
            return Optional.of(e);
        }
    }
}
