package io.velox.job.learn;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A learner that has learnt a history under one version.
 *
 * @param known how many of the history's items the version knows
 */
record Posterior(RidgeLearner learner, int known) {
    static Posterior of(VeloxModel model, List<HistoryEntry> history) {
        List<FeatureVector> features = new ArrayList<>(history.size());
        double[] labels = new double[history.size()];
        for (HistoryEntry entry : history) {
            model.features(entry.item()).ifPresent(f -> {
                labels[features.size()] = entry.label();
                features.add(f);
            });
        }
        double[] known = Arrays.copyOf(labels, features.size());
        return new Posterior(RidgeLearner.ofHistory(model.prior(), model.noise(), features, known), features.size());
    }
}
