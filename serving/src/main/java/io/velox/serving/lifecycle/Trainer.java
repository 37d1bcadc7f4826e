package io.velox.serving.lifecycle;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.LogCut;
import io.velox.core.model.ModelVersion;
import java.util.concurrent.CompletableFuture;

/** Trains versions, and compacts what they are trained on, in a process of its own. */
public interface Trainer extends ArchiveCompactor, AutoCloseable {
    /** What is to be trained, and from what. */
    record Request(ModelVersion version, ModelConfiguration.Als hyperparameters, LogCut cut) {}

    /** The future completes when the version's manifest is in the store, and fails with the reason otherwise. */
    CompletableFuture<Void> train(Request request);

    /** Ends what runs. */
    @Override
    void close();
}
