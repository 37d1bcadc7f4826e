package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The pace against a job that applies records one after another, at a rate that changes. */
class RebasePaceTest {
    private static final Duration TARGET = Duration.ofMillis(100);
    private static final int BOUND = 2000;

    private long now;
    private final Queue<Long> underWay = new ArrayDeque<>();
    private final RebasePace pace = new RebasePace(BOUND, TARGET, () -> this.now);
    private long landed;
    private long flightsOfLastSecond;
    private long recordsOfLastSecond;

    /** For so long the job applies a record each {@code interval}, and whatever has room is sent. */
    private void run(Duration time, Duration interval) {
        long end = now + time.toNanos();
        flightsOfLastSecond = 0;
        recordsOfLastSecond = 0;
        while (now < end) {
            while (underWay.size() < pace.size()) {
                underWay.add(now);
            }
            now += interval.toNanos();
            long sent = underWay.remove();
            pace.landed(sent);
            landed++;
            if (end - now < Duration.ofSeconds(1).toNanos()) {
                flightsOfLastSecond += now - sent;
                recordsOfLastSecond++;
            }
        }
    }

    private double meanFlightMs() {
        return flightsOfLastSecond / 1e6 / recordsOfLastSecond;
    }

    @Test
    void recordsTakeAboutTheTargetOnceThePaceIsFound() {
        run(Duration.ofSeconds(30), Duration.ofNanos(200_000)); // 5,000 a second: 500 under way take 100 ms
        assertThat(pace.size()).isBetween(200, 600);
        assertThat(meanFlightMs()).isBetween(40.0, 120.0);
        assertThat(landed).as("the job is never idle").isEqualTo(150_000);
    }

    @Test
    void aFastJobHasTheBoundUnderWay() {
        run(Duration.ofSeconds(20), Duration.ofNanos(20_000)); // 2,000 under way take 40 ms
        assertThat(pace.size()).isEqualTo(BOUND);
    }

    @Test
    void aJobThatSlowsDownHasFewerUnderWayAndMoreAgainWhenItRecovers() {
        run(Duration.ofSeconds(20), Duration.ofNanos(200_000));
        int before = pace.size();
        run(Duration.ofSeconds(10), Duration.ofMillis(5)); // 200 a second: 20 under way take 100 ms
        assertThat(pace.size()).isLessThanOrEqualTo(25);
        assertThat(meanFlightMs()).isLessThan(150);
        run(Duration.ofSeconds(20), Duration.ofNanos(200_000));
        assertThat(pace.size()).isGreaterThan(before / 2);
    }

    @Test
    void aBurstOfLateRecordsHalvesOnce() {
        int before = pace.size();
        now += Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < before; i++) {
            pace.landed(0);
        }
        assertThat(pace.size()).isEqualTo(before / 2);
        now += TARGET.toNanos();
        pace.landed(0);
        assertThat(pace.size()).isEqualTo(before / 4);
    }

    @Test
    void oneIsAlwaysUnderWay() {
        run(Duration.ofSeconds(100), Duration.ofSeconds(1));
        assertThat(pace.size()).isEqualTo(1);
    }

    @Test
    void aBoundBelowTheStartIsKept() {
        RebasePace small = new RebasePace(1, TARGET, () -> 0);
        for (int i = 0; i < 100; i++) {
            small.landed(0);
        }
        assertThat(small.size()).isEqualTo(1);
    }
}
