package io.velox.core.log;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.model.Identifiers;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The health of one model in one minute, as it is kept for a day under {@link #key}.
 *
 * @param minute since 1970
 * @param delays the totals of all subtasks at the minute's end, as {@link DelayHistogram#encoded}
 * @param freshness of the observations that were learnt in the minute
 * @param audit what the audits in the minute found; null if there was none
 */
public record HealthMinute(
        String model,
        long minute,
        List<Version> versions,
        String delays,
        Freshness freshness,
        @Nullable Audit audit) {
    /** Minutes that are kept of each model: a day. */
    public static final int KEPT = 1_440;

    private static final String PREFIX = "history/";

    /**
     * One version.
     *
     * @param total progressive validation at the minute's end, since the job's first day
     * @param loss progressive validation in the minute
     * @param validation of observations in the minute that uniform exploration brought
     * @param validationTotal the same at the minute's end, since the job's first day
     * @param crossValidation squared leave-one-out residuals of the users audited in the minute
     */
    public record Version(
            int version,
            LossMoments total,
            LossMoments loss,
            LossMoments validationTotal,
            LossMoments validation,
            LossMoments crossValidation) {
        public Version {
            Objects.requireNonNull(total, "total");
            Objects.requireNonNull(loss, "loss");
            Objects.requireNonNull(validationTotal, "validationTotal");
            Objects.requireNonNull(validation, "validation");
            Objects.requireNonNull(crossValidation, "crossValidation");
        }
    }

    /** Milliseconds from the acknowledgement of an observation until it was learnt. */
    public record Freshness(long count, long p50, long p99, long max) {
        public static Freshness of(DelayHistogram delays) {
            return new Freshness(delays.count(), delays.quantile(0.5), delays.quantile(0.99), delays.max());
        }
    }

    /**
     * What an audit of served weights against users' histories found.
     *
     * @param users audited
     * @param differing of them, by more than rounding explains
     * @param maxDifference the largest difference of a weight, absolute
     */
    public record Audit(Instant at, int users, int differing, double maxDifference) {
        public Audit {
            Objects.requireNonNull(at, "at");
        }
    }

    public HealthMinute {
        Identifiers.checkModelName("model", model);
        versions = List.copyOf(versions);
        Objects.requireNonNull(delays, "delays");
        Objects.requireNonNull(freshness, "freshness");
    }

    /** The key in the topic of health; that of the minute a day later is the same. */
    public String key() {
        return PREFIX + model + "/" + Math.floorMod(minute, KEPT);
    }

    /** Whether the record under a key of the topic of health is a minute, and not a report. */
    public static boolean isKey(String key) {
        return key.startsWith(PREFIX);
    }

    public Optional<Version> version(int version) {
        return versions.stream().filter(v -> v.version() == version).findFirst();
    }

    /** When the minute began. */
    public Instant begin() {
        return Instant.ofEpochSecond(60 * minute);
    }

    /** When the minute ended. */
    public Instant end() {
        return Instant.ofEpochSecond(60 * (minute + 1));
    }
}
