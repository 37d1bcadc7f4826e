package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainingHeapTest {
    @Test
    void growsWithTheRatingsUpToAThirdOfTheMachine() {
        assertThat(TrainingHeap.mib(100_000, 24_000)).isLessThan(2048);
        assertThat(TrainingHeap.mib(10_000_000, 24_000)).isBetween(4000, 8000);
        assertThat(TrainingHeap.mib(10_000_000, 6_000)).isEqualTo(2000);
    }

    @Test
    void theMachineHasMemory() {
        assertThat(TrainingHeap.machineMib()).isGreaterThan(256);
    }
}
