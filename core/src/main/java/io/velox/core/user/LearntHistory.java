package io.velox.core.user;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one version learns of a history: of each item the last observation, or all of them, as the version repeats; without those whose
 * items it does not know.
 *
 * @param labels one for each of {@code features}
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one computation
public record LearntHistory(List<FeatureVector> features, double[] labels) {
    public static LearntHistory of(VeloxModel model, List<HistoryEntry> history) {
        return of(model.repeat(), model::features, history);
    }

    /** @param of the version's features of an item; empty for one that it does not know */
    static LearntHistory of(Repeat repeat, Function<Item, Optional<FeatureVector>> of, List<HistoryEntry> history) {
        List<HistoryEntry> entries =
                switch (repeat) {
                    case REPLACE -> Histories.lastOfEachItem(history);
                    case ACCUMULATE -> history;
                };
        List<FeatureVector> features = new ArrayList<>(entries.size());
        double[] labels = new double[entries.size()];
        for (HistoryEntry entry : entries) {
            of.apply(entry.item()).ifPresent(f -> {
                labels[features.size()] = entry.label();
                features.add(f);
            });
        }
        return new LearntHistory(features, Arrays.copyOf(labels, features.size()));
    }

    public int size() {
        return labels.length;
    }
}
