package io.velox.core.log;

import static java.util.Objects.requireNonNull;

import io.velox.core.item.ItemEvidence;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import org.jspecify.annotations.Nullable;

/**
 * What ratings say of an item that a version was not trained on. Of two updates of one key the later one in the topic counts; they are
 * written at least once.
 *
 * @param value null when there is nothing to say any more: the ratings were taken back, or the version is not loaded
 */
public record ItemUpdate(
        ModelVersion version, String item, @Nullable Value value) {
    /**
     * The ratings so far.
     *
     * @param revision of the record of the log that changed them last
     */
    public record Value(Revision revision, ItemEvidence evidence) {
        public Value {
            requireNonNull(revision, "revision");
            requireNonNull(evidence, "evidence");
        }
    }

    public ItemUpdate {
        requireNonNull(version, "version");
        requireNonNull(item, "item");
    }
}
