package io.velox.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, and says what was waited for when it does not come. */
final class Await {
    private static final Duration POLL = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, Duration deadline, Supplier<Boolean> condition) {
        value(what, deadline, () -> condition.get() ? Optional.of(true) : Optional.empty());
    }

    static <T> T value(String what, Duration deadline, Supplier<Optional<T>> source) {
        long end = System.nanoTime() + deadline.toNanos();
        while (System.nanoTime() < end) {
            Optional<T> value = source.get();
            if (value.isPresent()) {
                return value.get();
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new AssertionError("waited " + deadline + " in vain for " + what);
    }
}
