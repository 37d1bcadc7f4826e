package io.velox.serving.lifecycle;

import io.velox.core.error.VeloxException;
import io.velox.core.store.VersionHistories;
import io.velox.serving.lifecycle.VersionEvents.VersionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events into the histories of the store, in their order; what a store that is away does not take waits, so that it holds up
 * nothing. Confined to the lifecycle's thread.
 */
final class HistoryKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryKeeper.class);
    private static final int MAX_WAITING = 10_000;

    private final VersionHistories histories;
    private final Deque<VersionEvent> waiting = new ArrayDeque<>();

    HistoryKeeper(VersionHistories histories) {
        this.histories = histories;
    }

    void add(List<VersionEvent> events) {
        events.forEach(event -> {
            if (waiting.size() == MAX_WAITING) {
                LOG.error("the store is away for too long: {} is left out of its history", waiting.removeFirst());
            }
            waiting.addLast(event);
        });
    }

    /** Writes what waits, as far as the store takes it. Blocks. */
    void flush() {
        while (!waiting.isEmpty()) {
            VersionEvent next = waiting.getFirst();
            try {
                histories.append(next.version(), next.event());
            } catch (VeloxException e) {
                LOG.warn("{} waits to be taken into its history: {}", next, e.getMessage());
                return;
            }
            waiting.removeFirst();
        }
    }
}
