package io.velox.bench.node;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, looking again and again. */
public final class Waiting {
    private Waiting() {}

    /**
     * Returns when the condition holds.
     *
     * @throws IllegalStateException saying what was waited for, when it does not come in time
     */
    public static void until(String what, Duration deadline, Duration pause, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("waited " + deadline.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }
}
