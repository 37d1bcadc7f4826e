package io.velox.serving.admission;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How far an event loop is behind with its requests, and whether it is so for long enough to refuse some. Event-loop confined.
 *
 * <p>In one turn an event loop reads everything that has come since the last and answers it, one after the other, so that a turn takes as
 * long as its last request has waited. A long turn alone means nothing: a burst or a collection of garbage makes one, and is caught up
 * with. A loop of which no turn was short for a while does not catch up: it is offered more than it can do. Then what has waited for
 * longer than the bound in the turn that is under way is refused, until a turn is short again.
 *
 * <p>Source: the minimum over an interval as the sign of a queue that stands is CoDel's (RFC 8289); to refuse, once there is one, whatever
 * has waited for too long is what Facebook made of it for servers (Maurer 2015, Fail at Scale).
 */
public final class Backlog {
    /** For how many times the bound a loop must have been behind by more than the bound. */
    private static final int PATIENCE = 50;

    private final long boundNanos;
    private final LongSupplier nanoTime;
    private final Executor loop;
    private boolean isTurning;
    private long begun;
    private long ended;
    private boolean wasShort = true;
    private long caughtUp;

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
        return now - begun > boundNanos && now - caughtUp > PATIENCE * boundNanos;
    }

    private void begin(long now) {
        isTurning = true;
        begun = now;
        boolean wasIdle = now - ended > boundNanos;
        if (wasShort || wasIdle) {
            caughtUp = now;
        }
        loop.execute(this::end);
    }

    private void end() {
        ended = nanoTime.getAsLong();
        wasShort = ended - begun <= boundNanos;
        isTurning = false;
    }
}
