package io.velox.standalone;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that runs in the embedded cluster. */
public final class RunningJob implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);
    private static final Duration CHECKPOINT_DEADLINE = Duration.ofSeconds(15);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    private static final Duration FIRST_CLEANING = Duration.ofSeconds(2);
    private static final Duration CLEANING_INTERVAL = Duration.ofHours(1);

    private final MiniCluster cluster;
    private final JobID id;
    private final String startedFrom;
    private final CompletableFuture<JobResult> result;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final ScheduledExecutorService cleaner;
    private volatile boolean isStopping;

    RunningJob(MiniCluster cluster, JobID id, String startedFrom, RetainedCheckpoints retained) {
        this.cluster = cluster;
        this.id = id;
        this.startedFrom = startedFrom;
        this.result = cluster.requestJobResult(id);
        this.cleaner = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "velox-checkpoint-cleaner");
            thread.setDaemon(true);
            return thread;
        });
        CompletableFuture<JobResult> unused = result.whenComplete((ended, error) -> {
            cleaner.shutdownNow();
            if (!isStopping) {
                failure.complete("the Flink job ended: " + reason(ended, error));
            }
        });
        cleanIn(FIRST_CLEANING, retained);
    }

    private void cleanIn(Duration delay, RetainedCheckpoints retained) {
        try {
            ScheduledFuture<?> unusedUntilShutdown =
                    cleaner.schedule(() -> clean(retained), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The job has ended, and its successor cleans", e);
        }
    }

    private static String reason(@Nullable JobResult ended, @Nullable Throwable error) {
        if (ended == null) {
            return String.valueOf(error);
        }
        return ended.getSerializedThrowable()
                .map(Causes::root)
                .orElseGet(() -> ended.getJobStatus().map(Enum::name).orElse("for no reason that it gives"));
    }

    /** Soon until the job has a checkpoint, and then for what becomes too old to keep. */
    private void clean(RetainedCheckpoints retained) {
        Duration next = FIRST_CLEANING;
        try {
            if (completedCheckpoints() > 0) {
                retained.deleteOlderThan(id);
                next = CLEANING_INTERVAL;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Old checkpoints were not deleted; it is tried again: {}", e.toString());
        }
        cleanIn(next, retained);
    }

    private long completedCheckpoints() throws Exception {
        var statistics = cluster.getExecutionGraph(id)
                .get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .getCheckpointStatsSnapshot();
        return statistics == null ? 0 : statistics.getCounts().getNumberOfCompletedCheckpoints();
    }

    public JobID id() {
        return id;
    }

    /** The checkpoint that it began with, or that it began with the start of the log. */
    public String startedFrom() {
        return startedFrom;
    }

    /** Completes with the reason when the job ends by itself. */
    @Override
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** Stops the job after a last checkpoint; without one, the next start replays a little more of the log. */
    @Override
    public void close() {
        isStopping = true;
        cleaner.shutdownNow();
        if (result.isDone()) {
            return;
        }
        try {
            checkpoint();
            cluster.cancelJob(id).get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
            result.get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The job did not stop cleanly: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkpoint() throws InterruptedException {
        try {
            long number = cluster.triggerCheckpoint(id, CheckpointType.CONFIGURED)
                    .get(CHECKPOINT_DEADLINE.toSeconds(), TimeUnit.SECONDS);
            LOG.info("The job stops with checkpoint {}", number);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "The job stops without a last checkpoint; the next start replays the log from the one before: {}",
                    e.toString());
        }
    }
}
