package io.velox.core.config;

import io.velox.core.judge.GateRule;
import io.velox.core.judge.RollbackRule;
import io.velox.core.judge.StalenessRule;
import java.time.Duration;

/** When versions are trained, go live and are taken back by themselves. */
public record LifecycleConfiguration(
        GateConfiguration gate,
        RollbackConfiguration rollback,
        StalenessConfiguration staleness,
        ScheduleConfiguration schedule,
        RetryConfiguration retry) {
    public LifecycleConfiguration {
        Ranges.given("lifecycle.gate", gate);
        Ranges.given("lifecycle.rollback", rollback);
        Ranges.given("lifecycle.staleness", staleness);
        Ranges.given("lifecycle.schedule", schedule);
        Ranges.given("lifecycle.retry", retry);
    }

    /** See {@link GateRule}. */
    public record GateConfiguration(double tolerance, int liveObservations, int heldOutRatings, int patienceSeconds) {
        public GateConfiguration {
            Ranges.within("lifecycle.gate.tolerance", tolerance, 0.0, 10.0);
            Ranges.within("lifecycle.gate.live-observations", liveObservations, 0, 1_000_000_000);
            Ranges.within("lifecycle.gate.held-out-ratings", heldOutRatings, 1, 1_000_000_000);
            Ranges.within("lifecycle.gate.patience-seconds", patienceSeconds, 0, 604_800);
        }

        public GateRule rule() {
            return new GateRule(tolerance, liveObservations, heldOutRatings, Duration.ofSeconds(patienceSeconds));
        }
    }

    /** See {@link RollbackRule}. */
    public record RollbackConfiguration(double threshold, int observations, int windowMinutes) {
        public RollbackConfiguration {
            Ranges.within("lifecycle.rollback.threshold", threshold, 0.0, 10.0);
            Ranges.within("lifecycle.rollback.observations", observations, 2, 1_000_000_000);
            Ranges.within("lifecycle.rollback.window-minutes", windowMinutes, 0, 525_600);
        }

        public RollbackRule rule() {
            return new RollbackRule(threshold, observations, Duration.ofMinutes(windowMinutes));
        }
    }

    /** See {@link StalenessRule}. {@code coolDownMinutes}: the least time between a training and one that staleness starts. */
    public record StalenessConfiguration(
            double ratio, int observations, double driftTolerance, double driftThreshold, double coolDownMinutes) {
        public StalenessConfiguration {
            Ranges.within("lifecycle.staleness.ratio", ratio, 0.0, 1000.0);
            Ranges.within("lifecycle.staleness.observations", observations, 10, 1_000_000_000);
            Ranges.within("lifecycle.staleness.drift-tolerance", driftTolerance, 0.0, 100.0);
            Ranges.within("lifecycle.staleness.drift-threshold", driftThreshold, 0.0, 1e9);
            Ranges.within("lifecycle.staleness.cool-down-minutes", coolDownMinutes, 0.0, 525_600.0);
        }

        public StalenessRule rule() {
            return new StalenessRule(ratio, observations, driftTolerance, driftThreshold);
        }

        public Duration coolDown() {
            return Duration.ofMillis(Math.round(coolDownMinutes * 60_000));
        }
    }

    /** When trainings start without a reason of their own; 0 is never. */
    public record ScheduleConfiguration(
            int retrainMinutes, int refreshMinutes, long refreshObservations, long refreshUnknown) {
        public ScheduleConfiguration {
            Ranges.within("lifecycle.schedule.retrain-minutes", retrainMinutes, 0, 5_256_000);
            Ranges.within("lifecycle.schedule.refresh-minutes", refreshMinutes, 0, 5_256_000);
            Ranges.within("lifecycle.schedule.refresh-observations", refreshObservations, 0, 1_000_000_000_000L);
            Ranges.within("lifecycle.schedule.refresh-unknown", refreshUnknown, 0, 1_000_000_000_000L);
        }
    }

    /** Of trainings that died; the pause doubles from attempt to attempt. */
    public record RetryConfiguration(int attempts, int pauseSeconds) {
        public RetryConfiguration {
            Ranges.within("lifecycle.retry.attempts", attempts, 1, 100);
            Ranges.within("lifecycle.retry.pause-seconds", pauseSeconds, 0, 86_400);
        }

        /** How long to wait after an attempt, counted from 1. */
        public Duration pauseAfter(int attempt) {
            return Duration.ofSeconds((long) pauseSeconds << Math.min(20, Math.max(0, attempt - 1)));
        }
    }
}
