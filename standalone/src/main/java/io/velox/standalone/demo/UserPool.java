package io.velox.standalone.demo;

import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Does something for each of many users, a few at a time, the first failure ending it all. */
final class UserPool {
    private static final int THREADS = 8;
    private static final long LONGEST_WAIT_MINUTES = 10;

    private UserPool() {}

    static <T> void forEach(Stream<T> elements, Consumer<T> work) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(2 * THREADS),
                task -> {
                    Thread thread = new Thread(task, "velox-demo-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try (elements) {
            for (Iterator<T> i = elements.iterator(); failure.get() == null && i.hasNext(); ) {
                T element = i.next();
                pool.execute(() -> {
                    try {
                        work.accept(element);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        } finally {
            pool.shutdown();
        }
        try {
            if (!pool.awaitTermination(LONGEST_WAIT_MINUTES, TimeUnit.MINUTES)) {
                pool.shutdownNow();
                throw new IllegalStateException("no end after " + LONGEST_WAIT_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
