package io.velox.serving.items;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs tasks after a while, on another thread. */
interface Later {
    void run(Duration delay, Runnable task);

    static Later on(ScheduledExecutorService scheduler) {
        return (delay, task) -> {
            var unused = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        };
    }
}
