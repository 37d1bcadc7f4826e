package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Where computations go that would hold an event loop for longer than a millisecond: a fixed pool with a bounded queue. What finds
 * the queue full fails at once with {@code OVERLOADED}. Safe for use from any thread.
 */
public final class CpuPool implements AutoCloseable {
    /** About a quarter of a millisecond of multiplications and additions on one core. */
    private static final long INLINE_STEPS = 250_000;

    /** Multiplications and additions that a scan of a whole catalogue does in the time of one. */
    private static final long STEPS_AT_ONCE = 8;

    private final ThreadPoolExecutor threads;

    public CpuPool(int size, int queue) {
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, "velox-cpu-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Computes at once on the calling thread when there is little to do, and on the pool otherwise.
     *
     * @param steps about how many multiplications and additions it takes
     */
    public <T> CompletableFuture<T> compute(long steps, Supplier<T> computation) {
        return isLittle(steps) ? here(computation) : submit(computation);
    }

    /** What a scan of so many rows of a catalogue takes, which does several steps at a time. */
    public static long stepsOfScan(long rows, int dimension) {
        return rows * dimension / STEPS_AT_ONCE;
    }

    /** How many threads compute. */
    int size() {
        return threads.getMaximumPoolSize();
    }

    /** Whether so much is computed on the calling thread. */
    static boolean isLittle(long steps) {
        return steps <= INLINE_STEPS;
    }

    /** Computes on the pool. */
    public <T> CompletableFuture<T> submit(Supplier<T> computation) {
        try {
            return CompletableFuture.supplyAsync(computation, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, "more is being computed than this node can queue; try again later", e));
        }
    }

    private static <T> CompletableFuture<T> here(Supplier<T> computation) {
        try {
            return CompletableFuture.completedFuture(computation.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends the threads; what is queued is still computed. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
