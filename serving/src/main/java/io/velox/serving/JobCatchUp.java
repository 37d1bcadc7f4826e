package io.velox.serving;

import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the job has applied what the log held when this node started. After a crash it first replays a part of the log; a node that
 * answered before would not know of users whose observations were acknowledged.
 *
 * <p>The job applies a partition's records in their order, so that the last record of each tells of all.
 */
final class JobCatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(JobCatchUp.class);
    private static final long PAUSE_MS = 100;

    private final Map<String, Revision> awaited;
    private final UserModelReader reader;
    private final ScheduledExecutorService timers;
    private final long deadline;

    /**
     * @param last the last record of each partition that holds any, by its user
     * @param patience after which the node is ready all the same: a record that the job cannot apply is never applied
     */
    JobCatchUp(Map<String, Revision> last, UserModelReader reader, ScheduledExecutorService timers, Duration patience) {
        this.awaited = new ConcurrentHashMap<>(last);
        this.reader = reader;
        this.timers = timers;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    JobCatchUp start() {
        timers.execute(this::ask);
        return this;
    }

    private void ask() {
        if (!awaited.isEmpty() && System.nanoTime() - deadline > 0) {
            LOG.error("the job did not apply the log up to {}; answers may lack what was observed before", awaited);
            awaited.clear();
        }
        awaited.forEach((uid, record) -> {
            var unused = reader.userModel(uid).whenComplete((model, error) -> {
                if (error == null
                        && model.filter(user -> hasApplied(user, record)).isPresent()) {
                    awaited.remove(uid);
                }
            });
        });
        if (!awaited.isEmpty() && !timers.isShutdown()) {
            var unused = timers.schedule(this::ask, PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean hasApplied(UserModel user, Revision record) {
        return user.revision().isInPartitionOf(record) && user.revision().hasReached(record);
    }

    /** What the job has not applied yet; empty from the moment on that it has everything. */
    Optional<String> trouble() {
        return awaited.isEmpty()
                ? Optional.empty()
                : Optional.of("the job has not caught up with the log yet, up to " + awaited.values());
    }
}
