package io.velox.serving.lifecycle;

import io.velox.core.log.LogCut;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Rewrites the archive of observations, in a process of its own. */
@FunctionalInterface
public interface ArchiveCompactor {
    /**
     * Starts a compaction, as soon as no other and no training runs. The future completes when it is done, and fails with the reason.
     *
     * @param settled below which the records that forget are left out too
     * @param grace how long the files that are replaced stay
     */
    CompletableFuture<Void> compact(LogCut settled, Duration grace);
}
