package io.velox.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingsTest {
    @Test
    void requestsBelongToTheSecondInWhichTheyWereDue() {
        Timings timings = new Timings(1_000_000_000);
        for (int i = 0; i < 40_000; i++) {
            timings.ended(1_000_000_000L + i * 1_000_000L, i < 20_000 ? 100 : 500);
        }
        assertThat(timings.between(0, 20).getTotalCount()).isEqualTo(20_000);
        assertThat(timings.between(0, 20).getMaxValue()).isEqualTo(100);
        assertThat(timings.between(20, 40).getMinValue()).isEqualTo(500);
        assertThat(timings.between(40, 50).getTotalCount()).isZero();
    }
}
