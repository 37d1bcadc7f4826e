package io.velox.serving.lifecycle;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.LogCut;
import io.velox.core.log.TrainingKind;
import io.velox.core.model.ModelVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Trains versions, and compacts what they are trained on, in a process of its own. */
public interface Trainer extends ArchiveCompactor, AutoCloseable {
    /**
     * What is to be trained, and from what.
     *
     * @param from the address of the manifest that a refresh starts from; empty for a full training
     * @param live the address of the live version's manifest, with which the new one is compared; empty if there is none
     * @param itemMetadata the URI of a file with what is registered of items; empty if nothing is
     */
    record Request(
            ModelVersion version,
            ModelConfiguration.Als hyperparameters,
            LogCut cut,
            TrainingKind kind,
            Optional<String> from,
            Optional<String> live,
            Optional<String> itemMetadata) {
        public Request {
            if (from.isPresent() != (kind == TrainingKind.REFRESH)) {
                throw new IllegalArgumentException(
                        "a refresh, and nothing else, starts from a version, but got " + kind + " from " + from);
            }
        }
    }

    /** A training that cannot succeed, however often it is tried. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String reason) {
            super(reason);
        }
    }

    /** The future completes when the version's manifest is in the store, and fails with the reason otherwise, {@link Refused} if it is final. */
    CompletableFuture<Void> train(Request request);

    /** Ends what runs, and what waits; each fails with the reason. More may be begun at once. */
    void endAll(String reason);

    /** Ends what runs, for good. */
    @Override
    void close();
}
