package io.velox.job.health;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.ModelVersion;

/** The losses of one version in one subtask. */
public record VersionTotal(ModelVersion version, LossStatistics loss) {}
