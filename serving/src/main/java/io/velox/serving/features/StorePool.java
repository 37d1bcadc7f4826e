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
import java.util.function.Consumer;

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
     * @throws VeloxException {@code OVERLOADED}
     */
    void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            throw new VeloxException(
                    ErrorCode.OVERLOADED, "more is being read from the store than this node can queue; try again", e);
        }
    }

    /**
     * Runs a task that blocks, and fails when it is not done in time.
     *
     * @param task is told whether anybody still waits for it
     */
    CompletableFuture<Void> call(Consumer<BooleanSupplier> task) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        try {
            execute(() -> run(task, result));
        } catch (VeloxException e) {
            return CompletableFuture.failedFuture(e);
        }
        return await(result);
    }

    /** The result, or a failure when it does not come in time. */
    <T> CompletableFuture<T> await(CompletableFuture<T> result) {
        return result.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(this::explained);
    }

    private static void run(Consumer<BooleanSupplier> task, CompletableFuture<Void> result) {
        if (result.isDone()) {
            return;
        }
        try {
            task.accept(() -> !result.isDone());
            result.complete(null);
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
