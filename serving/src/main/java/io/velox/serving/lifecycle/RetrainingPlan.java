package io.velox.serving.lifecycle;

import io.velox.core.config.LifecycleConfiguration.ScheduleConfiguration;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.Cause;
import io.velox.core.log.TrainingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * When a model's next training starts by itself: a failed one again after its pause; one for staleness, when the last training is long
 * enough ago; one by the schedule. Never while a training runs or a version is on its way to go live. Immutable.
 *
 * @param coolDown the least time between a training and one that staleness starts
 */
record RetrainingPlan(ScheduleConfiguration schedule, Duration coolDown) {
    /** A training that is due. */
    record Start(TrainingKind kind, Cause cause, int attempt) {}

    /**
     * What is due now.
     *
     * @param stale why the live version is stale; empty if it is not
     * @param observed what has come since the live version went live, and since the last training
     */
    Optional<Start> due(CatalogueEntry entry, Optional<Cause> stale, Judge.Observed observed, Instant now) {
        Optional<Training> last = entry.currentTraining();
        if (last.filter(Training::isRunning).isPresent() || entry.coming().isPresent()) {
            return Optional.empty();
        }
        Optional<Start> again = last.filter(training -> training.retryAt() != null && !now.isBefore(training.retryAt()))
                .map(training ->
                        new Start(training.origin().kind(), training.origin().cause(), training.attempt() + 1));
        if (again.isPresent() || entry.active().isEmpty()) {
            return again;
        }
        if (last.filter(training -> training.retryAt() != null).isPresent()) {
            return Optional.empty();
        }
        Duration ago = Duration.between(lastTraining(entry), now);
        if (stale.isPresent() && ago.compareTo(coolDown) >= 0) {
            return Optional.of(new Start(TrainingKind.FULL, stale.get(), 1));
        }
        return scheduled(entry, observed, ago, now);
    }

    private Optional<Start> scheduled(CatalogueEntry entry, Judge.Observed observed, Duration ago, Instant now) {
        Duration sinceFull = Duration.between(lastFullTraining(entry), now);
        if (isDue(schedule.retrainMinutes(), sinceFull)) {
            return Optional.of(scheduled(TrainingKind.FULL, schedule.retrainMinutes()));
        }
        if (isDue(schedule.refreshMinutes(), ago)) {
            return Optional.of(scheduled(TrainingKind.REFRESH, schedule.refreshMinutes()));
        }
        if (hasCome(observed.scored(), schedule.refreshObservations())) {
            return Optional.of(refresh(
                    Cause.Trigger.OBSERVATIONS,
                    observed.scored() + " since the version went live or was last trained on"));
        }
        if (hasCome(observed.unknown(), schedule.refreshUnknown())) {
            return Optional.of(refresh(
                    Cause.Trigger.NEW_ITEMS,
                    observed.unknown() + " observations of items that the version does not know"));
        }
        return Optional.empty();
    }

    private static Start scheduled(TrainingKind kind, int minutes) {
        return new Start(kind, new Cause(Cause.Trigger.SCHEDULE, "every " + minutes + " minutes"), 1);
    }

    private static Start refresh(Cause.Trigger trigger, String detail) {
        return new Start(TrainingKind.REFRESH, new Cause(trigger, detail), 1);
    }

    private static boolean hasCome(long observations, long enough) {
        return enough > 0 && observations >= enough;
    }

    private static boolean isDue(int minutes, Duration ago) {
        return minutes > 0 && ago.compareTo(Duration.ofMinutes(minutes)) >= 0;
    }

    /** When something was trained, or failed to be, last. */
    private static Instant lastTraining(CatalogueEntry entry) {
        Instant published = entry.versions().stream()
                .map(Version::publishedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        Instant failed = entry.currentTraining().map(Training::startedAt).orElse(Instant.EPOCH);
        return published.isAfter(failed) ? published : failed;
    }

    private static Instant lastFullTraining(CatalogueEntry entry) {
        Instant published = entry.versions().stream()
                .filter(version -> version.origin() == null || version.origin().kind() == TrainingKind.FULL)
                .map(Version::publishedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        Instant failed = entry.currentTraining()
                .filter(training -> training.origin().kind() == TrainingKind.FULL)
                .map(Training::startedAt)
                .orElse(Instant.EPOCH);
        return published.isAfter(failed) ? published : failed;
    }
}
