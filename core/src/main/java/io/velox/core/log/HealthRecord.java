package io.velox.core.log;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.model.Identifiers;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one subtask of the job reports: totals since the job's first day, so that a replay does not count twice.
 *
 * @param job the id under which the job's state can be queried
 * @param subtask from 0
 * @param parallelism how many subtasks report
 * @param pairs of loaded versions of one model, compared over the observations that both knew; older reports have none
 * @param delays from acknowledgement to application of every observation learnt here, as {@link DelayHistogram#encoded}; null where
 *     none was, and in older reports
 */
public record HealthRecord(
        String job,
        int subtask,
        int parallelism,
        Instant at,
        List<Version> versions,
        List<Pair> pairs,
        @Nullable String delays) {
    /**
     * One version as this subtask sees it.
     *
     * @param loss progressive validation of every observation learnt here
     * @param rejection why the version could not be loaded; null when it is loaded
     * @param validation progressive validation over those observations alone whose items uniform exploration showed
     * @param worst the users served worst, in descending order of their mean loss; bounded
     * @param unknown observations of items that the version does not know; 0 in older reports
     */
    public record Version(
            String model,
            int version,
            LossMoments loss,
            @Nullable String rejection,
            LossMoments validation,
            List<WorstUser> worst,
            Long unknown) {
        public Version {
            Identifiers.checkModelName("model", model);
            Objects.requireNonNull(loss, "loss");
            validation = Objects.requireNonNullElse(validation, LossMoments.NONE);
            worst = List.copyOf(Objects.requireNonNullElse(worst, List.of()));
            unknown = Objects.requireNonNullElse(unknown, 0L);
        }

        /** A version without a validation pool and users. */
        public Version(String model, int version, LossMoments loss, @Nullable String rejection) {
            this(model, version, loss, rejection, LossMoments.NONE, List.of(), 0L);
        }

        public ModelVersion id() {
            return new ModelVersion(model, version);
        }
    }

    /** A user and the mean of {@code count} losses of predictions for the user. */
    public record WorstUser(String uid, double loss, long count) {}

    /** Two loaded versions of one model over the same observations; {@code first} is the lower number. */
    public record Pair(String model, int first, int second, PairedLoss loss) {
        public Pair {
            Identifiers.checkModelName("model", model);
            Objects.requireNonNull(loss, "loss");
            if (first >= second) {
                throw new IllegalArgumentException(
                        "the first version must be the lower one, but got " + first + " and " + second);
            }
        }
    }

    public HealthRecord {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(at, "at");
        versions = List.copyOf(versions);
        pairs = List.copyOf(Objects.requireNonNullElse(pairs, List.of()));
    }

    /** A report before anything was learnt. */
    public HealthRecord(
            String job, int subtask, int parallelism, Instant at, List<Version> versions, List<Pair> pairs) {
        this(job, subtask, parallelism, at, versions, pairs, null);
    }

    /** A report without comparisons. */
    public HealthRecord(String job, int subtask, int parallelism, Instant at, List<Version> versions) {
        this(job, subtask, parallelism, at, versions, List.of(), null);
    }
}
