package io.velox.serving.admission;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How far an event loop is behind with its requests, and whether it is so for long enough to refuse some. Event-loop confined.
 *
 * <p>In one turn an event loop reads everything that has come since the last and answers it, one after the other, so that a turn takes as
 * long as its last request has waited. A long turn alone means nothing: a burst or a collection of garbage makes one, and is caught up
 * with. A loop of which no turn was short for a while does not catch up: it is offered more than it can do. From then on what has waited
 * for longer than the bound in the turn that is under way is refused, until no turn was long for as long a while.
 *
 * <p>Source: the minimum over an interval as the sign of a queue that stands is CoDel's (RFC 8289); to refuse, once there is one, whatever
 * has waited for too long is what Facebook made of it for servers (Maurer 2015, Fail at Scale).
 */
public final class Backlog {
    /** The while, in times the bound. */
    private static final int PATIENCE = 50;

    private final long boundNanos;
    private final LongSupplier nanoTime;
    private final Executor loop;
    private boolean isTurning;
    private long begun;
    private long ended;
    /** When a turn last began after a short one, or after a pause. */
    private long caughtUp;

    /** When a turn last ended that was long. */
    private long late;

    private boolean isBehind;

    /**
     * Of an event loop that has nothing to do yet.
     *
     * @param bound zero to refuse nothing
     * @param nanoTime as {@link System#nanoTime}
     * @param loop runs a task on the event loop, once what it has read in this turn is dealt with
     */
    public Backlog(Duration bound, LongSupplier nanoTime, Executor loop) {
        this.boundNanos = bound.toNanos();
        this.nanoTime = nanoTime;
        this.loop = loop;
        this.ended = nanoTime.getAsLong();
        this.caughtUp = ended;
        this.late = ended - PATIENCE * boundNanos;
    }

    /** Whether it ever refuses anything. */
    boolean isBounded() {
        return boundNanos > 0;
    }

    /** To be called as a request comes, and tells whether it is to be refused: it has waited for too long, as others have for a while. */
    public boolean isTooLong() {
        if (!isBounded()) {
            return false;
        }
        long now = nanoTime.getAsLong();
        if (!isTurning) {
            begin(now);
        }
        isBehind = isBehind || now - caughtUp > PATIENCE * boundNanos;
        return isBehind && now - begun > boundNanos;
    }

    private void begin(long now) {
        isTurning = true;
        begun = now;
        boolean wasLong = late == ended;
        boolean wasIdle = now - ended > boundNanos;
        if (!wasLong || wasIdle) {
            caughtUp = now;
        }
        isBehind = isBehind && now - late <= PATIENCE * boundNanos;
        loop.execute(this::end);
    }

    private void end() {
        ended = nanoTime.getAsLong();
        if (ended - begun > boundNanos) {
            late = ended;
        }
        isTurning = false;
    }
}
