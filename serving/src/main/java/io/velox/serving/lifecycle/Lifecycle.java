package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.TrainingKind;
import java.util.concurrent.CompletableFuture;

/** What a person may ask of a model's life. Safe for use from any thread; nothing blocks. */
public interface Lifecycle {
    /**
     * Starts a training on everything in the log up to now. The future completes with the model's catalogue entry as soon as the
     * training is recorded there; fails with {@code UNKNOWN_MODEL}, {@code RETRAIN_RUNNING}, {@code NOT_TRAINABLE}.
     *
     * @param by who asks
     */
    CompletableFuture<CatalogueEntry> retrain(String model, TrainingKind kind, String by);

    /**
     * Makes a version the one that answers. A loaded and rebased one is live when the future completes; one that is only in the store
     * has begun to be loaded. Fails with {@code UNKNOWN_MODEL}, {@code UNKNOWN_VERSION}, {@code VERSION_NOT_LOADED} for a rejected one,
     * {@code VERSION_REFUSED}.
     *
     * @param force whether it goes live whatever the gate says or said
     */
    CompletableFuture<CatalogueEntry> activate(String model, int version, boolean force);
}
