package io.velox.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests to the lifecycle's thread, a bounded number at a time; each is answered when this node has read the change back. Safe for
 * use from any thread.
 */
final class LifecycleRequests {
    private static final int MAX_REQUESTS = 100;

    private final Executor thread;
    private final LoadedModels versions;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param thread the lifecycle's own */
    LifecycleRequests(Executor thread, LoadedModels versions) {
        this.thread = thread;
        this.versions = versions;
    }

    /**
     * Fails with what the request fails with, and {@code OVERLOADED}.
     *
     * @param request changes the catalogue, and returns the entry that was written
     * @param afterwards done when the answer no longer waits for it
     */
    CompletableFuture<CatalogueEntry> ask(Supplier<CatalogueEntry> request, Runnable afterwards) {
        if (waiting.incrementAndGet() > MAX_REQUESTS) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, MAX_REQUESTS + " requests wait for the lifecycle; retry in a moment"));
        }
        CompletableFuture<CatalogueEntry> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                waiting.decrementAndGet();
                try {
                    var unused =
                            versions.seen(request.get()).whenComplete((entry, error) -> answer(answer, entry, error));
                    afterwards.run();
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new VeloxException(ErrorCode.OVERLOADED, "the node stops; ask another", e));
        }
        return answer;
    }

    private static void answer(
            CompletableFuture<CatalogueEntry> answer, @Nullable CatalogueEntry entry, @Nullable Throwable error) {
        if (entry != null) {
            answer.complete(entry);
        } else {
            answer.completeExceptionally(new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE,
                    "the change is in the catalogue, but this node has not read it back; look at the model's versions in a moment",
                    requireNonNull(error)));
        }
    }
}
