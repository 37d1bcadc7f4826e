package io.velox.job.learn;

import io.velox.core.item.ItemRating;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.Histories;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserWeights;
import io.velox.job.item.ItemContribution;
import io.velox.job.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** What one record makes its user say of items that versions do not know; lives as long as the record's application. */
final class ItemContributions {
    private final LogRecord record;
    private List<ItemContribution> all = List.of();

    ItemContributions(LogRecord record) {
        this.record = record;
    }

    /** All that a user of this history says is taken back. */
    static List<ItemContribution> takenBack(LogRecord record, List<HistoryEntry> history, List<VeloxModel> models) {
        ItemContributions contributions = new ItemContributions(record);
        for (HistoryEntry entry : Histories.lastOfEachItem(history)) {
            for (VeloxModel model : models) {
                contributions.takenBack(model, entry.item());
            }
        }
        return contributions.all();
    }

    List<ItemContribution> all() {
        return all;
    }

    /**
     * Adds ratings of items that the version does not know, the last one of each; the others say nothing new.
     *
     * @param weights the user's in the version, now
     */
    void rated(VeloxModel model, UserWeights weights, List<HistoryEntry> entries) {
        for (HistoryEntry entry : Histories.lastOfEachItem(entries)) {
            if (isNew(model, entry.item())) {
                add(new ItemContribution(
                        model.id(),
                        entry.item().text(),
                        record.uid(),
                        record.position(),
                        new ItemRating(weights.weights(), entry.label(), model.noise())));
            }
        }
    }

    /** Takes back what the user said of an item, if the version does not know it. */
    void takenBack(VeloxModel model, Item item) {
        if (isNew(model, item)) {
            add(new ItemContribution(model.id(), item.text(), record.uid(), record.position(), null));
        }
    }

    private static boolean isNew(VeloxModel model, Item item) {
        return model.isMaterialized() && item.isId() && model.features(item).isEmpty();
    }

    private void add(ItemContribution contribution) {
        if (all.isEmpty()) {
            all = new ArrayList<>();
        }
        all.add(contribution);
    }
}
