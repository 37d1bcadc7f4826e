package io.velox.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void whatWasMeasuredOnceIsItsOwnInterval() {
        assertThat(Figure.exact("users", "", 5)).isEqualTo(new Figure("users", "", 5, 5, 5, 1));
    }

    @Test
    void aValueOutsideItsIntervalIsRefusedByName() {
        assertThatThrownBy(() -> new Figure("rate", "1/s", 5, 6, 7, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> Figure.exact("rate", "1/s", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
