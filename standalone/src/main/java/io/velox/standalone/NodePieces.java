package io.velox.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pieces of a node: each is begun as soon as those that it needs are there, and all are stopped in the order of {@link Piece}.
 *
 * <p>One thread begins and awaits them; any thread may close.
 */
final class NodePieces implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(NodePieces.class);
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(1);
    /** Kafka, Flink and Alluxio begin together. */
    private static final int THREADS = 3;

    private final StartTimes times;
    private final ExecutorService executor;
    private final List<CompletableFuture<?>> begun = new ArrayList<>();
    private final CompletableFuture<StartFailure> firstFailure = new CompletableFuture<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final Map<Piece, Engine> running = new EnumMap<>(Piece.class);
    private final AtomicBoolean isStopping = new AtomicBoolean();

    NodePieces(StartTimes times) {
        this.times = times;
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "velox-start-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins a piece once those that it needs have been started; what {@code work} gives is closed at the end. */
    <T extends Engine> CompletableFuture<T> begin(Piece piece, List<CompletableFuture<?>> needs, Callable<T> work) {
        CompletableFuture<T> started = CompletableFuture.allOf(needs.toArray(CompletableFuture[]::new))
                .thenApplyAsync(ready -> start(piece, work), executor);
        CompletableFuture<T> reported = started.whenComplete((result, error) -> {
            if (error != null) {
                firstFailure.complete(asStartFailure(piece, error));
            }
        });
        begun.add(reported);
        return reported;
    }

    private <T extends Engine> T start(Piece piece, Callable<T> work) {
        if (isStopping.get()) {
            throw new StartFailure("the start was broken off before " + piece.title());
        }
        try {
            T result = times.measure(piece.title(), work);
            synchronized (running) {
                running.put(piece, result);
            }
            CompletableFuture<Void> unused = result.failure().thenAccept(failure::complete);
            return result;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static StartFailure asStartFailure(Piece piece, Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof StartFailure failure
                ? failure
                : new StartFailure(piece.title() + " did not start: " + Causes.root(cause), cause);
    }

    /** @throws StartFailure of the first piece that fails, at once; or when the deadline is over */
    void await() {
        CompletableFuture<Void> all = CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new));
        try {
            CompletableFuture.anyOf(all, firstFailure).get(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.debug("A piece failed, which is reported by itself", e);
        } catch (TimeoutException e) {
            throw new StartFailure("Velox did not start within " + START_DEADLINE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted during the start", e);
        }
        if (firstFailure.isDone()) {
            throw firstFailure.join();
        }
    }

    @Override
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** Stops what runs; what is just being started is stopped when it has. Gives up after a deadline, and kills child processes. */
    @Override
    public void close() {
        if (!isStopping.compareAndSet(false, true)) {
            return;
        }
        Thread stop = new Thread(this::stopAll, "velox-stop");
        stop.setDaemon(true);
        stop.start();
        try {
            stop.join(STOP_DEADLINE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stop.isAlive()) {
            LOG.error("Velox did not stop within {} s and gives up", STOP_DEADLINE.toSeconds());
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }
        executor.shutdownNow();
    }

    private void stopAll() {
        for (CompletableFuture<?> piece : begun) {
            settle(piece);
        }
        for (Piece piece : Piece.values()) {
            @Nullable Engine started;
            synchronized (running) {
                started = running.remove(piece);
            }
            if (started != null) {
                stop(piece, started);
            }
        }
    }

    private static void settle(CompletableFuture<?> piece) {
        try {
            piece.get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("A piece that did not start has nothing to stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Piece piece, Engine started) {
        long began = System.nanoTime();
        try {
            started.close();
            LOG.info("Stopped {} in {} ms", piece.title(), (System.nanoTime() - began) / 1_000_000);
        } catch (RuntimeException e) {
            LOG.warn("{} did not stop cleanly", piece.title(), e);
        }
    }
}
