package io.velox.core.error;

/**
 * Every failure that Velox reports by name. The {@link Family} decides who is told, and how: HTTP status and log level follow from
 * it.
 */
public enum ErrorCode {
    INVALID_REQUEST(Family.USER),
    INVALID_ITEM(Family.USER),
    INVALID_RECEIPT(Family.USER),
    INVALID_CONFIGURATION(Family.USER),
    LIMIT_EXCEEDED(Family.LIMIT),
    UNKNOWN_MODEL(Family.NOT_FOUND),
    UNKNOWN_VERSION(Family.NOT_FOUND),
    UNKNOWN_ITEM(Family.NOT_FOUND),
    UNKNOWN_USER(Family.NOT_FOUND),
    VERSION_NOT_LOADED(Family.CONFLICT),
    VERSION_REFUSED(Family.CONFLICT),
    RETRAIN_RUNNING(Family.CONFLICT),
    NOT_TRAINABLE(Family.CONFLICT),
    MODEL_NOT_LOADED(Family.UNAVAILABLE),
    LOG_UNAVAILABLE(Family.UNAVAILABLE),
    STATE_UNAVAILABLE(Family.UNAVAILABLE),
    STORE_UNAVAILABLE(Family.UNAVAILABLE),
    RECEIPT_TIMEOUT(Family.UNAVAILABLE),
    OVERLOADED(Family.UNAVAILABLE),
    NOT_THE_LIFECYCLE(Family.UNAVAILABLE),
    CORRUPT_MODEL(Family.INTERNAL),
    INTERNAL(Family.INTERNAL);

    /** Whose fault a failure is. */
    public enum Family {
        /** The caller sent something that can never succeed. */
        USER,
        /** The caller asked for more at once than the configuration allows; smaller parts of the request succeed. */
        LIMIT,
        /** The caller named something that does not exist. */
        NOT_FOUND,
        /** The request contradicts the present state; it may succeed later or after another call. */
        CONFLICT,
        /** Something that Velox depends on is slow or gone; the same request may succeed later. */
        UNAVAILABLE,
        /** A defect, or data that nobody but Velox wrote and that is wrong. */
        INTERNAL
    }

    private final Family family;

    ErrorCode(Family family) {
        this.family = family;
    }

    public Family family() {
        return family;
    }
}
