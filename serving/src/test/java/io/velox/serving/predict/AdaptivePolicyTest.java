package io.velox.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptivePolicyTest {
    private static final int VERDICTS = 200;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AdaptivePolicy policy = new AdaptivePolicy();

    /** What a request takes: {@code usual}, but {@code rare} for one in a hundred, and a fifth more or less. */
    private long nanos(double usual, double rare) {
        return Math.round((random.nextInt(100) == 0 ? rare : usual) * (0.8 + 0.4 * random.nextDouble()));
    }

    /** So many verdicts on requests that take so long on average; returns how often it was turned on or off. */
    private int verdicts(int verdicts, double cached, double computed) {
        int switches = 0;
        for (int i = 0; i < verdicts * AdaptivePolicy.REQUESTS_PER_VERDICT; i++) {
            switches += policy.took(true, nanos(cached, cached)) ? 1 : 0;
            switches += policy.took(false, nanos(computed, computed)) ? 1 : 0;
        }
        return switches;
    }

    @Test
    void itIsOffUntilThereIsEnoughOfBothGroups() {
        for (int i = 0; i < 10 * AdaptivePolicy.REQUESTS_PER_VERDICT; i++) {
            assertThat(policy.took(false, 1_000_000)).isFalse();
        }
        for (int i = 1; i < AdaptivePolicy.REQUESTS_PER_VERDICT; i++) {
            assertThat(policy.took(true, 1)).isFalse();
        }
        assertThat(policy.isOn()).isFalse();

        assertThat(policy.took(true, 1)).isTrue();
        assertThat(policy.isOn()).isTrue();
        assertThat(policy.cachedNanos()).isEqualTo(1);
        assertThat(policy.computedNanos()).isEqualTo(1_000_000);
    }

    @Test
    void itTurnsOnOnceWhereRequestsThroughTheCacheAreCheaper() {
        assertThat(verdicts(VERDICTS, 2_000, 3_000)).as("seed %s", seed).isEqualTo(1);
        assertThat(policy.isOn()).isTrue();
    }

    @Test
    void itStaysOffWhereComputingIsCheaper() {
        assertThat(verdicts(VERDICTS, 200, 100)).as("seed %s", seed).isZero();
        assertThat(policy.isOn()).isFalse();
    }

    @Test
    void itStaysOffWhereTheCacheGainsLessThanItIsWorth() {
        assertThat(verdicts(VERDICTS, 95, 100)).as("seed %s", seed).isZero();
        assertThat(policy.isOn()).isFalse();
    }

    @Test
    void itStaysOnWhileTheCacheGainsAnythingAtAll() {
        verdicts(20, 50, 100);
        assertThat(verdicts(VERDICTS, 97, 100)).as("seed %s", seed).isZero();
        assertThat(policy.isOn()).isTrue();
    }

    @Test
    void itFollowsWhatChanges() {
        verdicts(20, 50, 100);
        assertThat(policy.isOn()).isTrue();

        assertThat(verdicts(20, 150, 100)).as("seed %s", seed).isEqualTo(1);
        assertThat(policy.isOn()).isFalse();

        assertThat(verdicts(20, 50, 100)).as("seed %s", seed).isEqualTo(1);
        assertThat(policy.isOn()).isTrue();
    }

    @Test
    void whereBothCostTheSameItDoesNotSwitchBackAndForthHoweverUnevenRequestsAre() {
        int switches = 0;
        for (int i = 0; i < VERDICTS * AdaptivePolicy.REQUESTS_PER_VERDICT; i++) {
            switches += policy.took(true, nanos(1_000, 500_000)) ? 1 : 0;
            switches += policy.took(false, nanos(1_000, 500_000)) ? 1 : 0;
        }
        assertThat(switches).as("seed %s", seed).isLessThanOrEqualTo(1);
    }

    @Test
    void pausesThatHitAFewRequestsOfBothGroupsDoNotHideWhichOneIsCheaper() {
        int switches = 0;
        for (int i = 0; i < 50 * AdaptivePolicy.REQUESTS_PER_VERDICT; i++) {
            boolean isPause = i % 997 == 0;
            switches += policy.took(true, isPause ? 4_000_000 : nanos(1_000, 1_000)) ? 1 : 0;
            switches += policy.took(false, isPause ? 4_000_000 : nanos(2_000, 2_000)) ? 1 : 0;
        }
        assertThat(switches).as("seed %s", seed).isEqualTo(1);
        assertThat(policy.isOn()).isTrue();
    }

    @Test
    void aFewRequestsThatWereHeldUpDecideNothing() {
        verdicts(5, 100, 100);
        for (int i = 0; i < 3; i++) {
            assertThat(policy.took(false, 50_000_000)).isFalse();
        }
        assertThat(verdicts(1, 100, 100)).as("seed %s", seed).isZero();
        assertThat(policy.isOn()).isFalse();
    }
}
