package io.velox.serving.log;

import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The log of everything that happens to users. Safe for use from any thread; nothing blocks. */
public interface ObservationLog {
    /**
     * Appends records, in order for each user. The future completes when all of them are on every replica that the topic asks for, with
     * their positions in the order given; it fails with {@code LOG_UNAVAILABLE} when any of them is not, or may not be, in the log.
     */
    CompletableFuture<List<Revision>> append(List<? extends UserRecord> records);
}
