package io.velox.serving.lifecycle;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.List;
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

    /** Loss of a version over what it has learnt since {@code time}, to the minute, if that is within the last day. */
    LossMoments lossSince(ModelVersion version, Instant time);

    /** Loss of each version over the validation pool: observations of items that uniform exploration showed. */
    Map<ModelVersion, LossMoments> validation();

    /** Of each version, how many observations were of items that it does not know. */
    Map<ModelVersion, Long> unknown();

    /** The users whom a version serves worst, the worst first. */
    List<HealthRecord.WorstUser> worst(ModelVersion version);

    /** The loaded versions of a model in pairs, each over the observations that both scored, over all subtasks. */
    List<HealthRecord.Pair> pairs(String model);

    /** The minutes of the last day, in ascending order; those in which no node ran are missing. */
    List<HealthMinute> history(String model);

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
