package io.velox.core.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.PairedLoss;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RollbackRuleTest {
    private static final RollbackRule RULE = new RollbackRule(0.05, 100, Duration.ofMinutes(60));

    private static PairedLoss paired(int n, double first, double second) {
        PairedLoss paired = PairedLoss.NONE;
        for (int i = 0; i < n; i++) {
            double swing = i % 2 == 0 ? 0.5 : 1.5;
            paired = paired.plus(swing * first, swing * second);
        }
        return paired;
    }

    @Test
    void aVersionThatIsWorseByMoreThanTheThresholdIsTakenBack() {
        assertThat(RULE.judge(paired(100, 1, 1.2), Duration.ofMinutes(1)))
                .contains("rolled back: its error on 100 live observations was 1.0954, the previous version's 1.0000");
    }

    @Test
    void oneThatIsWorseByLessStays() {
        assertThat(RULE.judge(paired(10_000, 1, 1.1), Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void tooFewObservationsTellNothing() {
        assertThat(RULE.judge(paired(99, 1, 9), Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void afterTheWindowItStays() {
        assertThat(RULE.judge(paired(1000, 1, 9), Duration.ofMinutes(60))).isPresent();
        assertThat(RULE.judge(paired(1000, 1, 9), Duration.ofMinutes(61))).isEmpty();
    }

    @Test
    void aDifferenceThatChanceMayShowIsNotEnough() {
        PairedLoss paired = PairedLoss.NONE;
        for (int i = 0; i < 100; i++) {
            paired = paired.plus(1, i == 0 ? 30 : 1);
        }
        assertThat(RULE.judge(paired, Duration.ofMinutes(1))).isEmpty();
    }
}
