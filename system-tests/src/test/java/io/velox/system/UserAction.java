package io.velox.system;

import java.time.Instant;

/** What a client does to one user. */
sealed interface UserAction {
    String uid();

    /** An observation; {@code id} is empty where the client gives none. Sent again with the same id, it is a retry. */
    record Observe(String uid, RatedItem item, double label, Instant timestamp, String id) implements UserAction {}

    /** Takes the observation of an item back. */
    record Withdraw(String uid, RatedItem item) implements UserAction {}

    /** Forgets the user. */
    record Forget(String uid) implements UserAction {}
}
