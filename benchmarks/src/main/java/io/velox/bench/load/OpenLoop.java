package io.velox.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a fixed rate, whatever becomes of those before; each is timed from the moment when it was due, so that a server that
 * stalls is charged for all who would have waited.
 *
 * <p>No more than {@value #MOST_UNDER_WAY} are under way: a request that is due then is not sent, and counts as failed.
 */
public final class OpenLoop implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 1_000;
    private static final long LONGEST_MICROS = 600_000_000;
    private static final long END_MS = 10_000;

    private final Function<Call, CompletableFuture<Reply>> exchange;
    private final long intervalNanos;
    private final Supplier<Call> calls;
    private final Consumer<Reply> replies;
    private final Watch watch;
    private final Recorder micros = new Recorder(LONGEST_MICROS, 3);
    private final Histogram all = new Histogram(LONGEST_MICROS, 3);
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Thread thread;
    private volatile boolean isOver;

    /** Told of each request that has been answered or has failed, on the caller's thread. */
    @FunctionalInterface
    public interface Watch {
        /** {@code dueNanos} by {@link System#nanoTime}. */
        void ended(long dueNanos, long micros);
    }

    /** Begins at once; nobody watches single requests. */
    public OpenLoop(String name, Caller caller, double perSecond, Supplier<Call> calls, Consumer<Reply> replies) {
        this(name, caller, perSecond, calls, replies, (due, micros) -> {});
    }

    /**
     * Begins at once.
     *
     * @param replies is given those with status 200, on the caller's thread
     */
    public OpenLoop(
            String name, Caller caller, double perSecond, Supplier<Call> calls, Consumer<Reply> replies, Watch watch) {
        this(name, caller::post, perSecond, calls, replies, watch);
    }

    /**
     * Begins at once.
     *
     * @param exchange what is done with each call, and timed as one
     * @param replies is given what it ends with, where that has status 200
     */
    public OpenLoop(
            String name,
            Function<Call, CompletableFuture<Reply>> exchange,
            double perSecond,
            Supplier<Call> calls,
            Consumer<Reply> replies,
            Watch watch) {
        this.exchange = exchange;
        this.intervalNanos = (long) (1e9 / perSecond);
        this.calls = calls;
        this.replies = replies;
        this.watch = watch;
        this.thread = new Thread(this::run, "bench-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long due = System.nanoTime();
        while (!isOver) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                continue;
            }
            if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
                underWay.decrementAndGet();
                failed("not sent");
            } else {
                send(due);
            }
            due += intervalNanos;
        }
    }

    private void send(long due) {
        var unused = exchange.apply(calls.get()).whenComplete((reply, error) -> {
            underWay.decrementAndGet();
            long taken = Math.min(LONGEST_MICROS, (System.nanoTime() - due) / 1_000);
            micros.recordValue(taken);
            watch.ended(due, taken);
            answered(reply, error);
        });
    }

    private void answered(@Nullable Reply reply, @Nullable Throwable error) {
        if (reply == null) {
            failed(error == null ? "no answer" : String.valueOf(error));
        } else if (!reply.isOk()) {
            failed(Integer.toString(reply.status()));
        } else {
            replies.accept(reply);
        }
    }

    private void failed(String how) {
        failures.computeIfAbsent(how, key -> new LongAdder()).increment();
    }

    /** Microseconds of what was answered since the last call, failures included. Called by one thread. */
    public Histogram sinceLast() {
        Histogram since = micros.getIntervalHistogram();
        all.add(since);
        return since;
    }

    /** Microseconds of everything that {@link #sinceLast} has given, unless it was reset meanwhile. Belongs to the same thread. */
    public Histogram all() {
        return all;
    }

    /** What failed, by status or error. */
    public Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((how, count) -> counts.put(how, count.sum()));
        return counts;
    }

    public long failed() {
        return failures.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Sends no more, and waits a while for what is under way. */
    @Override
    public void close() {
        isOver = true;
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long end = System.nanoTime() + END_MS * 1_000_000;
        while (underWay.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
