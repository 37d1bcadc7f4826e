package io.velox.bench.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class BareApplicationTest {
    @Test
    void everyRequestTakesItsTimeAndThoseBehindItWait() {
        Histogram alone = BareApplication.run(100, 50_000, Duration.ofMillis(200));
        assertThat(alone.getTotalCount()).isEqualTo(20);
        assertThat(alone.getMinValue()).isGreaterThanOrEqualTo(49);

        // Twice as much work as there is time: the last waits as long as all the work took beyond the time.
        Histogram behind = BareApplication.run(1_000, 2_000_000, Duration.ofMillis(200));
        assertThat(behind.getMaxValue()).isGreaterThanOrEqualTo(195_000);
    }

    @Test
    void whatIsPrintedIsReadBack() {
        Histogram histogram = BareApplication.run(100, 50_000, Duration.ofMillis(50));
        assertThat(BareApplication.decoded(BareApplication.encoded(histogram))).isEqualTo(histogram);
    }
}
