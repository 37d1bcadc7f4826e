package io.velox.job;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.model.Repeat;
import java.io.Serializable;

/**
 * What the configuration says to the learning operator.
 *
 * @param userCacheBytes bound what each subtask caches of users' models and of what they have observed
 * @param covarianceCacheBytes bound the covariances that each subtask caches
 * @param someModelAccumulates whether a declared model learns from superseded observations, so that histories keep them
 */
record LearnerSettings(long userCacheBytes, long covarianceCacheBytes, boolean someModelAccumulates)
        implements Serializable {
    static LearnerSettings of(VeloxConfiguration configuration) {
        return new LearnerSettings(
                (long) configuration.learner().userCacheMib() << 20,
                (long) configuration.learner().covarianceCacheMib() << 20,
                configuration.models().values().stream().anyMatch(model -> model.repeat() == Repeat.ACCUMULATE));
    }
}
