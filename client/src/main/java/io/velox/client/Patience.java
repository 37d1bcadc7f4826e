package io.velox.client;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks again, longer than the client does by itself, while the server is away or overloaded: for work that should outlive that. Only for
 * calls that may be repeated, such as those of observations with ids. Safe for use from any thread.
 */
public final class Patience {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final FailsafeExecutor<Object> patient;

    /** As long as this, counted from the first attempt. */
    public Patience(Duration longest) {
        this.patient = Failsafe.with(RetryPolicy.builder()
                .handleIf(e -> e instanceof VeloxClientException refused && refused.isPassing())
                .withBackoff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .withMaxRetries(-1)
                .withMaxDuration(longest)
                .build());
    }

    /** The call's result. A failure that is not passing, or lasts too long, is thrown as the call threw it. */
    public <T> T get(Supplier<T> call) {
        try {
            return patient.get(call::get);
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("interrupted while waiting for the server", e);
        }
    }
}
