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
 * @param entries in the order in which they came
 * @param features of their items
 * @param labels of the entries
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one computation
public record LearntHistory(List<HistoryEntry> entries, List<FeatureVector> features, double[] labels) {
    public static LearntHistory of(VeloxModel model, List<HistoryEntry> history) {
        return of(model.repeat(), model::features, history);
    }

    /** @param of the version's features of an item; empty for one that it does not know */
    static LearntHistory of(Repeat repeat, Function<Item, Optional<FeatureVector>> of, List<HistoryEntry> history) {
        List<HistoryEntry> asked =
                switch (repeat) {
                    case REPLACE -> Histories.lastOfEachItem(history);
                    case ACCUMULATE -> history;
                };
        List<HistoryEntry> entries = new ArrayList<>(asked.size());
        List<FeatureVector> features = new ArrayList<>(asked.size());
        double[] labels = new double[asked.size()];
        for (HistoryEntry entry : asked) {
            of.apply(entry.item()).ifPresent(f -> {
                labels[features.size()] = entry.label();
                features.add(f);
                entries.add(entry);
            });
        }
        return new LearntHistory(entries, features, Arrays.copyOf(labels, features.size()));
    }

    public int size() {
        return labels.length;
    }
}
