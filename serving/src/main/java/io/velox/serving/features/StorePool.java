package io.velox.serving.features;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Where requests wait for the store: on threads of its own, behind a bounded queue, until a deadline. What finds the queue full fails
 * at once with {@code OVERLOADED}, what is not done in time with {@code STORE_UNAVAILABLE}. Safe for use from any thread.
 */
public final class StorePool {
    private final Executor threads;
    private final Duration patience;

    /** @param threads a fixed pool with a bounded queue, which rejects what is beyond */
    public StorePool(Executor threads, Duration patience) {
        this.threads = threads;
        this.patience = patience;
    }

    /**
     * Runs a task that blocks.
     *
     * @param task is told whether anybody still waits for it
     */
    <T> CompletableFuture<T> call(Function<BooleanSupplier, CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> run(task, result));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, "more is being read from the store than this node can queue; try again", e));
        }
        return result.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(this::explained);
    }

    private static <T> void run(Function<BooleanSupplier, CompletableFuture<T>> task, CompletableFuture<T> result) {
        if (result.isDone()) {
            return;
        }
        try {
            var unused = task.apply(() -> !result.isDone()).whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private <T> CompletableFuture<T> explained(Throwable thrown) {
        return CompletableFuture.failedFuture(
                thrown instanceof TimeoutException
                        ? new VeloxException(
                                ErrorCode.STORE_UNAVAILABLE,
                                "the store did not give the items' features within " + patience.toMillis()
                                        + " ms; try again",
                                thrown)
                        : thrown);
    }
}
