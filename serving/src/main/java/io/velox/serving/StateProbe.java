package io.velox.serving;

import io.velox.core.user.UserModelReader;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks the job for a user who does not exist, twice a second, until it answers: then its state can be queried. */
final class StateProbe {
    private static final String NOBODY = "velox-readiness";
    private static final long PAUSE_MS = 500;

    private final UserModelReader reader;
    private final ScheduledExecutorService timers;
    private volatile Optional<String> trouble = Optional.of("the job's state has not been asked yet");

    StateProbe(UserModelReader reader, ScheduledExecutorService timers) {
        this.reader = reader;
        this.timers = timers;
    }

    StateProbe start() {
        timers.execute(this::ask);
        return this;
    }

    private void ask() {
        var unused = reader.userModel(NOBODY).whenComplete((model, error) -> {
            if (error == null) {
                trouble = Optional.empty();
            } else if (!timers.isShutdown()) {
                trouble = Optional.of("the job's state cannot be queried: " + error.getMessage());
                var ignored = timers.schedule(this::ask, PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Why the state cannot be queried; empty once it could. */
    Optional<String> trouble() {
        return trouble;
    }
}
