package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics.Page page = new Metrics.Page("""
            # HELP hits_total asked for and there
            hits_total 7.0
            hits_total_more 100.0
            requests{status="200"} 3
            requests{status="500"} 1.5E1
            """);

    @Test
    void aMetricIsSummedOverItsLabels() {
        assertThat(page.sum("hits_total")).isEqualTo(7);
        assertThat(page.sum("requests")).isEqualTo(18);
    }

    @Test
    void aMetricThatIsNotThereIsNotZero() {
        assertThatThrownBy(() -> page.sum("hits")).hasMessageContaining("no metric hits");
    }
}
