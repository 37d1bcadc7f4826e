package io.velox.serving.users;

import io.velox.core.user.Revision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads users. Safe for use from any thread; nothing blocks, and callbacks may run on any thread. */
public interface Users {
    /**
     * The user's model, from the cache or else from the job.
     *
     * @param after a receipt that the answer must reflect; the future then fails with {@code RECEIPT_TIMEOUT} when it does not within
     *     {@code timeout}, and with {@code INVALID_RECEIPT} when it is a receipt of another user's partition
     */
    CompletableFuture<UserView> find(String uid, Optional<Revision> after, Duration timeout);

    /**
     * The user's model and history at one revision, from the job.
     *
     * <p>Fails with {@code STATE_UNAVAILABLE} when the job cannot be asked, and as {@link #find} does.
     */
    CompletableFuture<UserSnapshot> snapshot(String uid, Optional<Revision> after, Duration timeout);
}
