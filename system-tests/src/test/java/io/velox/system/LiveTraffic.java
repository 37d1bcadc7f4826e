package io.velox.system;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Observations that come in all the time, on a thread of their own: given ratings in their order, and again from the first one when they
 * are used up.
 */
final class LiveTraffic implements AutoCloseable {
    private static final int BATCHES_PER_SECOND = 20;

    private final Loop loop;
    private final List<Rating> ratings;
    private final int batch;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "live-traffic"));

    private LiveTraffic(Loop loop, List<Rating> ratings, int batch) {
        this.loop = loop;
        this.ratings = List.copyOf(ratings);
        this.batch = batch;
    }

    /** Begins to send, {@code perSecond} of them. */
    static LiveTraffic start(Loop loop, List<Rating> ratings, int perSecond) {
        LiveTraffic traffic = new LiveTraffic(loop, ratings, Math.max(1, perSecond / BATCHES_PER_SECOND));
        var unused = traffic.executor.scheduleAtFixedRate(
                traffic::send, 0, 1000 / BATCHES_PER_SECOND, TimeUnit.MILLISECONDS);
        return traffic;
    }

    private void send() {
        if (failure.get() != null) {
            return;
        }
        try {
            List<Rating> next = new ArrayList<>(batch);
            for (int i = 0; i < batch; i++) {
                next.add(ratings.get((sent.get() + i) % ratings.size()));
            }
            loop.observeAtOnce(next);
            sent.addAndGet(batch);
        } catch (AssertionError | RuntimeException e) {
            failure.set(e);
        }
    }

    /** How many were acknowledged; fails if one was not. */
    int sent() {
        if (failure.get() != null) {
            throw new AssertionError("an observation was not taken", failure.get());
        }
        return sent.get();
    }

    /** What was acknowledged. */
    List<Rating> sentRatings() {
        return ratings.subList(0, Math.min(sent(), ratings.size()));
    }

    /** Ends it, and fails if an observation was not taken. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the last observations were not answered");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        sent();
    }
}
