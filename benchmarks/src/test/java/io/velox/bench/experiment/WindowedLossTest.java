package io.velox.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WindowedLossTest {
    private final WindowedLoss loss = new WindowedLoss(100);

    @Test
    void onlyTheLastObservationsCount() {
        loss.look(1, 1_000, 1.0);
        loss.look(1, 1_100, 1.0);
        loss.look(1, 1_200, (1_100 + 400) / 1_200.0); // a hundred of 4 each
        assertThat(loss.rmse(1).orElseThrow()).isCloseTo(2, within(1e-9));
    }

    @Test
    void aVersionThatWasLookedAtOnceHasNone() {
        loss.look(1, 1_000, 1.0);
        loss.look(1, 1_000, 1.0);
        assertThat(loss.rmse(1)).isEmpty();
        assertThat(loss.rmse(2)).isEmpty();
    }

    @Test
    void aShortHistoryCountsAsAWhole() {
        loss.look(2, 10, 1.0);
        loss.look(2, 20, 1.5); // ten of 1 and ten of 2
        assertThat(loss.rmse(2).orElseThrow()).isCloseTo(Math.sqrt(2), within(1e-9));
    }
}
