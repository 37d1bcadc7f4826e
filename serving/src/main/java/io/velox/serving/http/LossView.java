package io.velox.serving.http;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.LossStatistics;

/** A mean loss as the API shows it; the mean of no observations is 0. */
record LossView(double mean, long count) {
    static LossView of(LossStatistics loss) {
        return new LossView(loss.mean(), loss.count());
    }

    static LossView of(LossMoments loss) {
        return new LossView(loss.mean(), loss.count());
    }
}
