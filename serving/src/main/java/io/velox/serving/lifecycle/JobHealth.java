package io.velox.serving.lifecycle;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the job reports of itself. Safe for use from any thread. */
public interface JobHealth {
    /** The id of the job that reported last, by which its state can be queried. */
    Optional<String> jobId();

    /** When a subtask last reported. */
    Optional<Instant> lastReport();

    /** Loss of each version over all subtasks. */
    Map<ModelVersion, LossMoments> loss();

    /**
     * Total losses of two versions of one model over the observations that both scored, over all subtasks.
     *
     * @param second another version of the model of {@code first}
     */
    PairedLoss paired(ModelVersion first, ModelVersion second);

    /** Whether every subtask of the running job has loaded the version. */
    boolean isLoadedEverywhere(ModelVersion version);

    /** Why a subtask refused the version, if one did. */
    Optional<String> rejection(ModelVersion version);
}
