package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void aCountBetweenTwoMomentsWasReachedOnTheLineBetweenThem() {
        Progress progress = progress();
        assertThat(progress.reached(50)).isEqualTo(1.5);
        assertThat(progress.reached(100)).isEqualTo(2);
    }

    @Test
    void ratesAreOfSegmentsOfEqualSize() {
        double[] rates = progress().rates(0, 400, 2);
        // 200 are reached at 2 + 1/3 s, and the other 200 take 2/3 s.
        assertThat(rates[0]).isCloseTo(200 / (7.0 / 3), within(1e-9));
        assertThat(rates[1]).isCloseTo(300, within(1e-9));
    }

    @Test
    void aCountThatNeverCameIsRefused() {
        assertThatThrownBy(() -> progress().reached(401)).hasMessageContaining("401");
    }

    private static Progress progress() {
        Progress progress = new Progress();
        progress.add(0, 0);
        progress.add(1, 0);
        progress.add(2, 100);
        progress.add(3, 400);
        return progress;
    }
}
