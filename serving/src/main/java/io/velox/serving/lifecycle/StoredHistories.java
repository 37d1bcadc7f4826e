package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.VersionHistories;
import io.velox.core.store.VersionHistory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Reads the histories of versions from the store. Safe for use from any thread; nothing blocks. */
@FunctionalInterface
public interface StoredHistories {
    /** The history; without events if nothing is known. Fails with {@code STORE_UNAVAILABLE}, {@code CORRUPT_MODEL}, {@code OVERLOADED}. */
    CompletableFuture<VersionHistory> of(ModelVersion version);

    /**
     * Those of a store.
     *
     * @param reader blocks while it reads; it has a bounded queue and rejects what is beyond
     */
    static StoredHistories in(VersionHistories histories, Executor reader) {
        return version -> {
            try {
                return CompletableFuture.supplyAsync(() -> histories.read(version), reader);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.failedFuture(new VeloxException(
                        ErrorCode.OVERLOADED, "too much is being read from the store; retry in a moment", e));
            }
        };
    }
}
