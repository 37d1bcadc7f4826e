package io.velox.serving.lifecycle;

import io.velox.core.log.LogCut;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Rewrites the archive of observations, in a process of its own. */
public interface ArchiveCompactor {
    /**
     * Starts a compaction, as soon as no other and no training runs. The future completes when it is done, and fails with the reason.
     *
     * @param settled what was forgotten is left out, and below this cut the records that forget too; empty: files are only merged
     * @param grace how long the files that are replaced stay
     */
    CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace);

    /** When the training or compaction that reads the archive now began to; empty if there is none. */
    Optional<Instant> readingSince();
}
