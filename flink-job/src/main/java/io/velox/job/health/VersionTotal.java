package io.velox.job.health;

import io.velox.core.learn.LossMoments;
import io.velox.core.model.ModelVersion;

/**
 * The losses of one version in one subtask.
 *
 * @param loss over all observations
 * @param validation over those alone whose items uniform exploration showed
 * @param unknown observations of items that the version does not know
 */
public record VersionTotal(ModelVersion version, LossMoments loss, LossMoments validation, long unknown) {}
