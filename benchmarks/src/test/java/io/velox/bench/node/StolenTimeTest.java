package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import oshi.hardware.CentralProcessor.TickType;

class StolenTimeTest {
    @Test
    void stealIsAShareOfAllTicksInBetween() {
        long[] begin = ticks(100, 50, 10);
        long[] end = ticks(130, 110, 20);

        assertThat(StolenTime.share(begin, end)).isEqualTo(0.1);
        assertThat(StolenTime.share(end, end)).isZero();
    }

    private static long[] ticks(long user, long idle, long steal) {
        long[] ticks = new long[TickType.values().length];
        ticks[TickType.USER.getIndex()] = user;
        ticks[TickType.IDLE.getIndex()] = idle;
        ticks[TickType.STEAL.getIndex()] = steal;
        return ticks;
    }
}
