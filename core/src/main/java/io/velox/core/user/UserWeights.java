package io.velox.core.user;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.ModelVersion;

/**
 * One user's weights in one version of one model. Immutable; takes ownership of {@code weights} (length d), which nobody writes to
 * afterwards.
 *
 * @param observations how many of the user's observations the weights have learnt
 * @param loss of each prediction just before its observation was learnt (progressive validation)
 */
@SuppressWarnings("ArrayRecordComponent") // written at every observation: compared by nobody, copied never
public record UserWeights(ModelVersion version, double[] weights, int observations, LossStatistics loss) {}
