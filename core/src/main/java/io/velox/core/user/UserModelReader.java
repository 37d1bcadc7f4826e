package io.velox.core.user;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads users' state where the job keeps it. Every future completes within the reader's deadline; exceptionally, with a
 * {@code VeloxException} of code {@code STATE_UNAVAILABLE}, when the job cannot be asked. Safe for use from any thread; callbacks run
 * on the reader's own threads.
 */
public interface UserModelReader extends AutoCloseable {
    /** The user's model; empty for a user of whom the job has no record. */
    CompletableFuture<Optional<UserModel>> userModel(String uid);

    /**
     * The user's observations in the order of the log: one per item, or all where some model accumulates them; empty for an unknown
     * user.
     */
    CompletableFuture<List<HistoryEntry>> history(String uid);

    @Override
    void close();
}
