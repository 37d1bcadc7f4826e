package io.velox.serving.access;

import java.time.Duration;
import java.util.Optional;

/** A request that may not be made, by this caller or not now. The message is for the caller, and says what to do. */
public final class AccessRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it may not be made. */
    public enum Reason {
        /** No key was sent. */
        NO_KEY,
        /** There are no keys, and a web page of elsewhere may have made the request in its reader's name. */
        FOREIGN_PAGE,
        /** What was sent is no key that is good here. */
        WRONG_KEY,
        /** The key is good, but not for this. */
        ROLE_TOO_LOW,
        /** The caller's requests of the last second were all that it may make. */
        TOO_MANY_REQUESTS
    }

    private final Reason reason;
    private final String neededRole;
    private final Duration wait;

    private AccessRefusal(Reason reason, String message, String neededRole, Duration wait) {
        super(message, null, false, false);
        this.reason = reason;
        this.neededRole = neededRole;
        this.wait = wait;
    }

    static AccessRefusal noKey() {
        return new AccessRefusal(
                Reason.NO_KEY, "Authorization must be 'Bearer KEY', with a key of this Velox", "", Duration.ZERO);
    }

    static AccessRefusal wrongKey() {
        return new AccessRefusal(
                Reason.WRONG_KEY,
                "Authorization has no key that is good here; ask the operator for one (`velox key new`)",
                "",
                Duration.ZERO);
    }

    /** {@code header}: the one that shows it. */
    static AccessRefusal foreignPage(String header) {
        return new AccessRefusal(
                Reason.FOREIGN_PAGE,
                header
                        + " must be localhost or an IP address, and the same in Host and Origin, as this Velox has no keys: else any"
                        + " web page could ask in its reader's name; for other names configure access.keys-file",
                "",
                Duration.ZERO);
    }

    static AccessRefusal roleTooLow(Role needed, Role role) {
        return new AccessRefusal(
                Reason.ROLE_TOO_LOW,
                "Authorization must have a key of the role " + needed + " for this, but its key's role is " + role,
                needed.toString(),
                Duration.ZERO);
    }

    static AccessRefusal tooManyRequests(int perSecond, boolean hasKey, Duration wait) {
        return new AccessRefusal(
                Reason.TOO_MANY_REQUESTS,
                (hasKey ? "this key" : "this address") + " may make " + perSecond
                        + " requests per second (access.requests-per-second); wait, or send more in each request",
                "",
                wait);
    }

    public Reason reason() {
        return reason;
    }

    /** The role that {@code ROLE_TOO_LOW} is about. */
    public Optional<String> neededRole() {
        return neededRole.isEmpty() ? Optional.empty() : Optional.of(neededRole);
    }

    /** How long to wait after {@code TOO_MANY_REQUESTS}, in seconds, rounded up. */
    public long waitSeconds() {
        return wait.plusNanos(999_999_999).toSeconds();
    }
}
