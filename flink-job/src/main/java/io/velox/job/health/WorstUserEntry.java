package io.velox.job.health;

import io.velox.core.log.HealthRecord.WorstUser;
import io.velox.core.model.ModelVersion;

/** One of the users whom a version serves worst, as a checkpoint keeps it. */
public record WorstUserEntry(ModelVersion version, WorstUser user) {}
