package io.velox.core.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.Cause;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StalenessWatchTest {
    private static final StalenessRule BOTH = new StalenessRule(1.25, 2000, 0.2, 200);
    private static final StalenessRule RATIO = new StalenessRule(1.25, 2000, 0.2, 0);
    private static final StalenessRule DRIFT = new StalenessRule(0, 2000, 0.2, 200);

    private final Random random = new Random(11);
    private LossMoments total = LossMoments.NONE;

    private Optional<Cause> observe(StalenessWatch watch, int n, double error) {
        Optional<Cause> stale = Optional.empty();
        for (int i = 0; i < n && stale.isEmpty(); i++) {
            double e = error * random.nextGaussian();
            total = total.plus(e * e);
            if (i % 7 == 6) {
                stale = watch.observe(total);
            }
        }
        return stale;
    }

    private static StalenessWatch watch(StalenessRule rule) {
        return new StalenessWatch(rule, OptionalDouble.of(0.9), LossMoments.NONE);
    }

    @Test
    void aVersionThatKeepsItsPromiseIsNotStale() {
        assertThat(observe(watch(BOTH), 300_000, 0.95)).isEmpty();
    }

    @Test
    void aRiseOfTheLossIsDriftLongBeforeTheWindowIsFull() {
        StalenessWatch watch = watch(BOTH);
        assertThat(observe(watch, 30_000, 0.9)).isEmpty();
        long before = total.count();
        Cause cause = observe(watch, 30_000, 1.6).orElseThrow();
        assertThat(cause.trigger()).isEqualTo(Cause.Trigger.DRIFT);
        assertThat(total.count() - before).isBetween(20L, 500L);
    }

    @Test
    void driftThatWasFoundStaysFound() {
        StalenessWatch watch = watch(DRIFT);
        observe(watch, 10_000, 0.9);
        assertThat(observe(watch, 10_000, 2)).isPresent();
        assertThat(watch.observe(total)).isPresent();
    }

    @Test
    void anErrorFarAboveThePromiseIsStaleOnceTheWindowIsFull() {
        StalenessWatch watch = watch(RATIO);
        assertThat(observe(watch, 1_999, 1.5)).isEmpty();
        Cause cause = observe(watch, 1_000, 1.5).orElseThrow();
        assertThat(cause.trigger()).isEqualTo(Cause.Trigger.STALE);
        assertThat(cause.detail()).contains("promised 0.9000");
    }

    @Test
    void theWindowHasTheLastObservationsOnly() {
        StalenessWatch watch = watch(RATIO);
        observe(watch, 100_000, 0.5);
        observe(watch, 5_000, 1.0);
        assertThat(watch.window().count()).isBetween(2000L, 2200L);
        assertThat(Math.sqrt(watch.window().mean())).isBetween(0.9, 1.1);
    }

    @Test
    void lossesOfBeforeTheWatchDoNotCount() {
        StalenessWatch watch = new StalenessWatch(RATIO, OptionalDouble.of(0.9), new LossMoments(1_000_000, 9e6, 9e7));
        total = new LossMoments(1_000_000, 9e6, 9e7);
        assertThat(observe(watch, 10_000, 0.9)).isEmpty();
    }

    @Test
    void aJobThatBeganAnewIsNoDrift() {
        StalenessWatch watch = watch(BOTH);
        observe(watch, 30_000, 0.9);
        total = LossMoments.NONE;
        assertThat(observe(watch, 30_000, 0.9)).isEmpty();
    }

    @Test
    void withoutAPromiseOnlyDriftCounts() {
        StalenessWatch watch = new StalenessWatch(BOTH, OptionalDouble.empty(), LossMoments.NONE);
        assertThat(observe(watch, 30_000, 5)).isEmpty();
    }
}
