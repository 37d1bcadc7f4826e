package io.velox.serving.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** An event loop whose time passes and whose turns end when a test says so. */
final class TurningLoop implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private long nanos = Long.MAX_VALUE - 1_000;

    long nanoTime() {
        return nanos;
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    void endTurn() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Turns that take longer than {@code bound}, one after the other, for longer than a backlog of that bound is patient. */
    void fallBehind(Backlog backlog, Duration bound) {
        for (int turn = 0; turn < 60; turn++) {
            var unused = backlog.isTooLong();
            pass(bound.multipliedBy(2));
            endTurn();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }
}
