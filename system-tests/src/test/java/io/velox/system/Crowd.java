package io.velox.system;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Several clients at work at once, each on a thread of its own. */
final class Crowd {
    private static final int DEADLINE_MINUTES = 10;

    private Crowd() {}

    /** What each client brought back, in their order; fails with the first one that failed. */
    static <T> List<T> each(int clients, IntFunction<Callable<T>> work) {
        AtomicInteger threads = new AtomicInteger();
        ExecutorService executor =
                Executors.newFixedThreadPool(clients, task -> new Thread(task, "client-" + threads.getAndIncrement()));
        try {
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                results.add(executor.submit(work.apply(i)));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> result : results) {
                done.add(result.get(DEADLINE_MINUTES, TimeUnit.MINUTES));
            }
            return done;
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a client was not done after " + DEADLINE_MINUTES + " minutes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            executor.shutdownNow();
        }
    }
}
