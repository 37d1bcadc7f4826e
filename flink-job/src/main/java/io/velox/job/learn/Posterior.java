package io.velox.job.learn;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.Histories;
import io.velox.core.user.HistoryEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A learner that has learnt a history under one version: of each item the last observation, or all of them, as the version repeats.
 *
 * @param known how many observations it has learnt
 */
record Posterior(RidgeLearner learner, int known) {
    static Posterior of(VeloxModel model, List<HistoryEntry> history) {
        List<HistoryEntry> entries =
                switch (model.repeat()) {
                    case REPLACE -> Histories.lastOfEachItem(history);
                    case ACCUMULATE -> history;
                };
        List<FeatureVector> features = new ArrayList<>(entries.size());
        double[] labels = new double[entries.size()];
        for (HistoryEntry entry : entries) {
            model.features(entry.item()).ifPresent(f -> {
                labels[features.size()] = entry.label();
                features.add(f);
            });
        }
        double[] known = Arrays.copyOf(labels, features.size());
        return new Posterior(RidgeLearner.ofHistory(model.prior(), model.noise(), features, known), features.size());
    }
}
