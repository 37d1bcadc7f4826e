package io.velox.core.log;

/** How a version comes about. */
public enum TrainingKind {
    /** Factorised anew from all ratings. */
    FULL,
    /** The live version's factors and covariances, taken further by passes over all ratings. */
    REFRESH
}
