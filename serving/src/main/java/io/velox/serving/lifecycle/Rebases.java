package io.velox.serving.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.log.UserUpdate;
import io.velox.core.model.ModelVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rebase under way: one at a time, others wait. Confined to the lifecycle's thread, but for {@link #applied} and {@link #cancel},
 * which any thread may call.
 */
final class Rebases {
    private final BiFunction<ModelVersion, String, Rebase> factory;
    private final Executor executor;
    private volatile @Nullable Rebase current;

    /**
     * @param factory of a rebase onto a version, whose manifest is at an address
     * @param executor a thread that a rebase may block
     */
    Rebases(BiFunction<ModelVersion, String, Rebase> factory, Executor executor) {
        this.factory = factory;
        this.executor = executor;
    }

    /** Begins the rebase onto a version if none is under way; the version's own, once it is done, is the answer. */
    Optional<CompletableFuture<Long>> advance(ModelVersion version, String manifestAddress) {
        Rebase running = current;
        if (running != null) {
            return running.version().equals(version) && running.done().isDone()
                    ? Optional.of(running.done())
                    : Optional.empty();
        }
        Rebase next = factory.apply(version, manifestAddress);
        // Before it runs, so that no update of the feed is missed.
        current = next;
        try {
            executor.execute(next);
        } catch (RejectedExecutionException e) {
            current = null;
            throw e;
        }
        return Optional.empty();
    }

    /** Ends the version's rebase, if it is the one under way, and makes room for the next. */
    void end(ModelVersion version) {
        Rebase running = current;
        if (running != null && running.version().equals(version)) {
            running.cancel();
            current = null;
        }
    }

    void applied(UserUpdate update) {
        Rebase running = current;
        if (running != null) {
            running.applied(update);
        }
    }

    /** How many records may be under way now, and how many are. */
    List<Meter> bindTo(MeterRegistry registry) {
        return List.of(
                Gauge.builder("velox.rebase.window", () -> window(RebaseWindow::size))
                        .description("rebase records that may be under way at a time; 0 while nothing is rebased")
                        .register(registry),
                Gauge.builder("velox.rebase.underway", () -> window(RebaseWindow::underWay))
                        .description("rebase records that are under way")
                        .register(registry));
    }

    private int window(ToIntFunction<RebaseWindow> figure) {
        Rebase running = current;
        return running == null || running.done().isDone() ? 0 : figure.applyAsInt(running.window());
    }

    /** Makes the rebase under way fail, to be begun anew. */
    void cancel() {
        Rebase running = current;
        if (running != null) {
            running.cancel();
        }
    }
}
