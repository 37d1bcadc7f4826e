package io.velox.job.learn;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.Revision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One user's learners, each with its covariance: most of what is derived of a history. Single writer. */
final class Learners implements CachedUser {
    private static final int FIXED_BYTES = 300;
    private static final int ENTRY_BYTES = 120;

    private final Map<ModelVersion, RidgeLearner> learners = new HashMap<>();
    private Revision revision;
    private int sizeBytes = FIXED_BYTES;

    Learners(Revision revision) {
        this.revision = revision;
    }

    @Nullable
    RidgeLearner find(ModelVersion version) {
        return learners.get(version);
    }

    void put(ModelVersion version, RidgeLearner learner) {
        learners.put(version, learner);
        weigh();
    }

    /** Moves on to a revision, with learners of {@code loaded} versions only. */
    void moveTo(Revision next, List<VeloxModel> loaded) {
        revision = next;
        int stillLoaded = 0;
        for (VeloxModel model : loaded) {
            stillLoaded += learners.containsKey(model.id()) ? 1 : 0;
        }
        if (stillLoaded < learners.size()) {
            learners.keySet().retainAll(loaded.stream().map(VeloxModel::id).toList());
            weigh();
        }
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    private void weigh() {
        long bytes = FIXED_BYTES;
        for (RidgeLearner learner : learners.values()) {
            bytes += learner.sizeBytes() + ENTRY_BYTES;
        }
        sizeBytes = (int) Math.min(Integer.MAX_VALUE, bytes);
    }
}
