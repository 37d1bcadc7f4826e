package io.velox.core.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LossStatisticsTest {
    @Test
    void theMeanIsOverEverythingAdded() {
        LossStatistics loss = LossStatistics.NONE.plus(1).plus(3).plus(new LossStatistics(2, 8));
        assertThat(loss).isEqualTo(new LossStatistics(4, 12));
        assertThat(loss.mean()).isEqualTo(3);
    }

    @Test
    void theMeanOfNothingIsZero() {
        assertThat(LossStatistics.NONE.mean()).isZero();
    }

    @Test
    void whatIsNoSumIsRefused() {
        assertThatThrownBy(() -> new LossStatistics(-1, 0)).hasMessageContaining("count");
        assertThatThrownBy(() -> new LossStatistics(1, Double.NaN)).hasMessageContaining("sum");
    }
}
