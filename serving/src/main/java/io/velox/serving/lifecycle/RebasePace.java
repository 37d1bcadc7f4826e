package io.velox.serving.lifecycle;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many rebase records may be under way, so that each takes no longer than a target: the job applies them in turn with observations,
 * which wait as long. The number grows by a step for each round of records that come back in time, and halves when one comes late, at
 * most once in a target's time. Safe for use from any thread.
 *
 * <p>Source: Jacobson 1988, congestion avoidance (additive increase, multiplicative decrease), with delay as the sign of congestion.
 */
public final class RebasePace {
    private static final int START = 50;
    /** Steps from nothing to the bound. */
    private static final int STEPS = 100;

    private final int bound;
    private final long targetNanos;
    private final LongSupplier nanoTime;
    private final double step;
    private double size;
    private long lastHalved;
    private boolean wasHalved;

    /**
     * A pace that begins carefully.
     *
     * @param bound the most that are ever under way, at least 1
     * @param target how long a record may take from the log to the job and back
     */
    public RebasePace(int bound, Duration target, LongSupplier nanoTime) {
        this.bound = bound;
        this.targetNanos = target.toNanos();
        this.nanoTime = nanoTime;
        this.step = Math.max(1.0, (double) bound / STEPS);
        this.size = Math.min(START, bound);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** How many may be under way now; at least 1. */
    synchronized int size() {
        return (int) size;
    }

    /** A record that was in the log at {@code sent}, of {@link #now}, has come back. */
    synchronized void landed(long sent) {
        long now = now();
        if (now - sent <= targetNanos) {
            size = Math.min(bound, size + step / size);
        } else if (!wasHalved || now - lastHalved >= targetNanos) {
            size = Math.max(1, size / 2);
            lastHalved = now;
            wasHalved = true;
        }
    }
}
