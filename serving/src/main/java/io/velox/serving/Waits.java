package io.velox.serving;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for the steps of a start. */
final class Waits {
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);

    private Waits() {}

    /** Blocks until it is done; {@code code} is for a failure that has no name of its own. */
    static <T> T await(CompletableFuture<T> future, String what, ErrorCode code) {
        try {
            return future.get(STEP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VeloxException cause
                    ? cause
                    : new VeloxException(code, "failed before " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new VeloxException(code, "waited " + STEP_TIMEOUT + " in vain until " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(code, "interrupted before " + what, e);
        }
    }
}
