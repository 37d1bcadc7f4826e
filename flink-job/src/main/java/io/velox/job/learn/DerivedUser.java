package io.velox.job.learn;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is derived of one user's history and costs time to derive again: the items in it, and a learner with its covariance for each
 * version that was asked for. Belongs to one revision. Single writer.
 */
final class DerivedUser {
    private static final int ENTRY_BYTES = 120;

    private final Set<Item> items = new HashSet<>();
    private final Map<ModelVersion, RidgeLearner> learners = new HashMap<>();
    private Revision revision;
    private long itemBytes;

    private DerivedUser(Revision revision) {
        this.revision = revision;
    }

    static DerivedUser of(Revision revision, List<HistoryEntry> history) {
        DerivedUser user = new DerivedUser(revision);
        history.forEach(entry -> user.add(entry.item()));
        return user;
    }

    Revision revision() {
        return revision;
    }

    boolean hasSeen(Item item) {
        return items.contains(item);
    }

    void add(Item item) {
        if (items.add(item)) {
            itemBytes += bytes(item);
        }
    }

    void remove(Item item) {
        if (items.remove(item)) {
            itemBytes -= bytes(item);
        }
    }

    @Nullable
    RidgeLearner learner(ModelVersion version) {
        return learners.get(version);
    }

    void put(ModelVersion version, RidgeLearner learner) {
        learners.put(version, learner);
    }

    /** Moves on to a revision, with learners of {@code loaded} versions only. */
    void moveTo(Revision next, Collection<ModelVersion> loaded) {
        revision = next;
        learners.keySet().retainAll(loaded);
    }

    /** About what it takes on the heap. */
    int sizeBytes() {
        long bytes = 300 + itemBytes;
        for (RidgeLearner learner : learners.values()) {
            bytes += learner.sizeBytes() + ENTRY_BYTES;
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long bytes(Item item) {
        return ENTRY_BYTES + 2L * item.text().length();
    }
}
