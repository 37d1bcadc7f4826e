package io.velox.job.health;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.model.ModelVersion;
import java.util.HashMap;
import java.util.Map;

/** One subtask's account of one version. Single writer. */
final class VersionAccount {
    /** Over the observations that both versions scored, by the later version. */
    final Map<ModelVersion, PairedLoss> pairs = new HashMap<>();

    final WorstUsers worst = new WorstUsers();
    LossMoments loss = LossMoments.NONE;
    LossMoments validation = LossMoments.NONE;
    long unknown;

    void add(double of, boolean isValidation) {
        if (loss.canTake(of)) {
            loss = loss.plus(of);
        }
        if (isValidation && validation.canTake(of)) {
            validation = validation.plus(of);
        }
    }

    void add(double of, ModelVersion later, double ofLater) {
        PairedLoss pair = pairs.getOrDefault(later, PairedLoss.NONE);
        if (pair.canTake(of, ofLater)) {
            pairs.put(later, pair.plus(of, ofLater));
        }
    }
}
