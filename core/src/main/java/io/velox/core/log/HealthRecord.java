package io.velox.core.log;

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
 */
public record HealthRecord(
        String job, int subtask, int parallelism, Instant at, List<Version> versions, List<Pair> pairs) {
    /**
     * One version as this subtask sees it.
     *
     * @param loss progressive validation of every observation learnt here
     * @param rejection why the version could not be loaded; null when it is loaded
     */
    public record Version(
            String model,
            int version,
            LossMoments loss,
            @Nullable String rejection) {
        public Version {
            Identifiers.checkModelName("model", model);
            Objects.requireNonNull(loss, "loss");
        }

        public ModelVersion id() {
            return new ModelVersion(model, version);
        }
    }

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

    /** A report without comparisons. */
    public HealthRecord(String job, int subtask, int parallelism, Instant at, List<Version> versions) {
        this(job, subtask, parallelism, at, versions, List.of());
    }
}
