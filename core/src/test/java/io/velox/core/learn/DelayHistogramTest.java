package io.velox.core.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DelayHistogramTest {
    private static DelayHistogram of(long... ms) {
        DelayHistogram histogram = new DelayHistogram();
        for (long delay : ms) {
            histogram.record(delay);
        }
        return histogram;
    }

    @Test
    void itSurvivesItsText() {
        DelayHistogram read = DelayHistogram.decode(of(3, 5, 5, 90_000).encoded());
        assertThat(read.count()).isEqualTo(4);
        assertThat(read.quantile(0.5)).isEqualTo(5);
        assertThat(read.max()).isBetween(90_000L, 91_000L);
    }

    @Test
    void delaysBeyondTheRangeCountAtItsEnds() {
        DelayHistogram histogram = of(-5, Long.MAX_VALUE);
        assertThat(histogram.quantile(0.5)).isZero();
        assertThat(histogram.max()).isEqualTo(DelayHistogram.MAX_MS);
        assertThat(DelayHistogram.decode(histogram.encoded()).max()).isEqualTo(DelayHistogram.MAX_MS);
    }

    @Test
    void anIntervalIsTheDifferenceOfItsTotals() {
        DelayHistogram earlier = of(3, 800, DelayHistogram.MAX_MS);
        DelayHistogram later = of(3, 800, DelayHistogram.MAX_MS, 800, 7, DelayHistogram.MAX_MS);
        DelayHistogram since = later.since(earlier);
        assertThat(since.count()).isEqualTo(3);
        assertThat(since.quantile(0.1)).isEqualTo(7);
        assertThat(since.quantile(0.6)).isBetween(800L, 810L);
        assertThat(since.max()).isEqualTo(DelayHistogram.MAX_MS);
        assertThat(earlier.since(later).count()).as("after totals began anew").isZero();
    }

    @Test
    void otherTextIsRefused() {
        assertThatThrownBy(() -> DelayHistogram.decode("AAAA")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DelayHistogram.decode("%")).isInstanceOf(IllegalArgumentException.class);
    }
}
