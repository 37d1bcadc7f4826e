package io.velox.standalone;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition of another process or thread that offers nothing to wait on, with a deadline. */
final class Waiting {
    private static final Duration STEP = Duration.ofMillis(20);

    private Waiting() {}

    /** @throws StartFailure with {@code complaint} if the condition did not hold in time, or the thread was interrupted */
    static void until(Duration deadline, String complaint, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new StartFailure("interrupted, when " + complaint);
            }
            if (System.nanoTime() - end > 0) {
                throw new StartFailure(complaint + " within " + deadline.toSeconds() + " s");
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
