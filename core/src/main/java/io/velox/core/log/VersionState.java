package io.velox.core.log;

/** The stations in the life of a model version. */
public enum VersionState {
    /** Written to the store and announced; job and serving nodes are loading and verifying it. */
    PUBLISHED,
    /** Loaded everywhere; users are being rebased onto it. */
    REBASING,
    /** The version that answers. */
    ACTIVE,
    /** Loaded and learning beside the active one; the version that answered before it. */
    STANDBY,
    /** In the store only. */
    RETIRED,
    /** Refused: corrupt, or judged worse. */
    REJECTED;

    /** Whether the job learns in this version and serving nodes hold its features. */
    public boolean isLoaded() {
        return switch (this) {
            case PUBLISHED, REBASING, ACTIVE, STANDBY -> true;
            case RETIRED, REJECTED -> false;
        };
    }
}
