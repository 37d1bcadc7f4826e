package io.velox.job.learn;

import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.job.item.ItemContribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record came to.
 *
 * @param model the user's model after it
 * @param learnt the observation that was learnt; null when the record was something else or was rejected
 * @param losses of the predictions just before {@code learnt} was learnt, in the versions that know its item
 * @param unknown the versions that do not know its item
 * @param ofItems what the user says now of items that versions do not know, where it says something else than before
 */
public record Outcome(
        UserModel model,
        @Nullable HistoryEntry learnt,
        List<VersionLoss> losses,
        List<ModelVersion> unknown,
        List<ItemContribution> ofItems) {
    /** The loss of one prediction in one version. */
    public record VersionLoss(ModelVersion version, double loss) {}
}
