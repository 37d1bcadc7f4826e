package io.velox.core.log;

/** How a version is made. */
public enum TrainingKind {
    /** From nothing but the ratings. */
    FULL,
    /** A few passes that start from the factors and covariances of an earlier version. */
    REFRESH
}
