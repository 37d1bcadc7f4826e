package io.velox.core.log;

/** The stations in the life of a model version. */
public enum VersionState {
    /** Written to the store and announced; job and serving nodes are loading and verifying it. */
    PUBLISHED,
    /** Loaded everywhere; users are being rebased onto it. */
    REBASING,
    /** Every user is rebased; it learns and is scored beside the active one until it is judged. */
    CANDIDATE,
    /** The version that answers. */
    ACTIVE,
    /** Loaded and learning beside the active one; the version that answered before it. */
    STANDBY,
    /** In the store only. */
    RETIRED,
    /** Judged worse, before or after it went live; complete in the store, and live again only by force. */
    REFUSED,
    /** Corrupt: it can never be loaded. */
    REJECTED;

    /** Whether the job learns in this version and serving nodes hold its features. */
    public boolean isLoaded() {
        return switch (this) {
            case PUBLISHED, REBASING, CANDIDATE, ACTIVE, STANDBY -> true;
            case RETIRED, REFUSED, REJECTED -> false;
        };
    }

    /** Whether it is on its way to go live. */
    public boolean isComing() {
        return switch (this) {
            case PUBLISHED, REBASING, CANDIDATE -> true;
            case ACTIVE, STANDBY, RETIRED, REFUSED, REJECTED -> false;
        };
    }
}
