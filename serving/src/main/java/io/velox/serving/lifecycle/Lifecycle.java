package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import java.util.concurrent.CompletableFuture;

/** What a person may ask of a model's life. Safe for use from any thread; nothing blocks. */
public interface Lifecycle {
    /**
     * Starts a training on everything in the log up to now. The future completes with the model's catalogue entry as soon as the
     * training is recorded there; fails with {@code UNKNOWN_MODEL}, {@code RETRAIN_RUNNING}, {@code NOT_TRAINABLE}.
     */
    CompletableFuture<CatalogueEntry> retrain(String model);

    /**
     * Makes a version the one that answers. A loaded and rebased one is live when the future completes; one that is only in the store
     * has begun to be loaded. Fails with {@code UNKNOWN_MODEL}, {@code UNKNOWN_VERSION}, {@code CORRUPT_MODEL} for a rejected one.
     */
    CompletableFuture<CatalogueEntry> activate(String model, int version);
}
