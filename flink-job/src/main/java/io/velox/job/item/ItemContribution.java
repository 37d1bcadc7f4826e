package io.velox.job.item;

import io.velox.core.item.ItemRating;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import org.jspecify.annotations.Nullable;

/**
 * What one user says of an item that a version was not trained on, in place of what the same user said before.
 *
 * @param revision of the record that said it
 * @param rating null when it is taken back
 */
public record ItemContribution(
        ModelVersion version,
        String item,
        String uid,
        Revision revision,
        @Nullable ItemRating rating) {
    /** {@code model/version/item}. */
    public String key() {
        return prefix(version) + item;
    }

    /** What the keys of a version's items begin with, and no others. */
    static String prefix(ModelVersion version) {
        return version + "/";
    }
}
