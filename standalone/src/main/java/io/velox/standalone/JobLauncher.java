package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the job from the newest checkpoint that it can be restored from.
 *
 * <p>Where none can, the job starts from the beginning of the log, which keeps every record: slower, and with the same result.
 */
final class JobLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(JobLauncher.class);
    private static final Duration RUNNING_DEADLINE = Duration.ofMinutes(1);
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(20);
    private static final List<String> WORDS_OF_A_FAILED_RESTORE = List.of(
            "could not restore",
            "backendbuildingexception",
            "failed to rollback to checkpoint",
            "statemigrationexception");

    private final MiniCluster cluster;
    private final Configuration settings;
    private final VeloxConfiguration configuration;
    private final JobBuilder builder;

    JobLauncher(MiniCluster cluster, Configuration settings, VeloxConfiguration configuration, JobBuilder builder) {
        this.cluster = cluster;
        this.settings = settings;
        this.configuration = configuration;
        this.builder = builder;
    }

    RunningJob launch(RetainedCheckpoints retained) {
        try {
            List<RetainedCheckpoint> candidates = retained.whole();
            for (RetainedCheckpoint checkpoint : candidates) {
                Optional<JobID> job = tryFrom(checkpoint);
                if (job.isPresent()) {
                    LOG.info("The job runs from checkpoint {}", checkpoint);
                    return new RunningJob(cluster, job.get(), "checkpoint " + checkpoint, retained);
                }
            }
            LOG.info("The job runs from the beginning of the log: there is no checkpoint to start from");
            JobID job = submit(SavepointRestoreSettings.none());
            awaitRunning(job);
            return new RunningJob(cluster, job, "the beginning of the log", retained);
        } catch (IOException e) {
            throw new StartFailure(
                    "the checkpoints under " + configuration.store().root() + " cannot be listed: " + e, e);
        } catch (StartFailure e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while the job started", e);
        } catch (Exception e) {
            throw new StartFailure("the Flink job did not start: " + Causes.root(e), e);
        }
    }

    private Optional<JobID> tryFrom(RetainedCheckpoint checkpoint) throws Exception {
        JobID job = submit(SavepointRestoreSettings.forPath(
                checkpoint.metadata().getParent().toString(), false, RecoveryClaimMode.NO_CLAIM));
        try {
            awaitRunning(job);
            return Optional.of(job);
        } catch (FailedRestore e) {
            LOG.warn("The job cannot be restored from checkpoint {}, which is skipped: {}", checkpoint, e.getMessage());
            end(job);
            return Optional.empty();
        }
    }

    private JobID submit(SavepointRestoreSettings restore) throws Exception {
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(settings);
        environment.setParallelism(configuration.job().parallelism());
        builder.build(environment, configuration);
        StreamGraph topology = environment.getStreamGraph();
        topology.setJobName(configuration.job().name());
        JobGraph job = topology.getJobGraph();
        job.setSavepointRestoreSettings(restore);
        return cluster.submitJob(job)
                .get(CALL_DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .getJobID();
    }

    /** Waits until every subtask of the job runs; state is restored before a subtask runs. */
    private void awaitRunning(JobID job) {
        Waiting.until(RUNNING_DEADLINE, "the Flink job was not running", () -> {
            Optional<ExecutionGraphInfo> graph = graph(job);
            if (graph.isEmpty()) {
                return false;
            }
            failure(graph.get()).ifPresent(failure -> {
                if (Causes.mention(failure, WORDS_OF_A_FAILED_RESTORE)) {
                    throw new FailedRestore(Causes.root(failure));
                }
                if (isOver(graph.get())) {
                    throw new StartFailure("the Flink job did not start: " + Causes.root(failure), failure);
                }
            });
            return isRunning(graph.get());
        });
    }

    private Optional<ExecutionGraphInfo> graph(JobID job) {
        try {
            return Optional.of(cluster.getExecutionGraphInfo(job).get(CALL_DEADLINE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean isRunning(ExecutionGraphInfo graph) {
        return graph.getArchivedExecutionGraph().getState() == JobStatus.RUNNING
                && StreamSupport.stream(
                                graph.getArchivedExecutionGraph()
                                        .getAllExecutionVertices()
                                        .spliterator(),
                                false)
                        .map(AccessExecutionVertex::getExecutionState)
                        .allMatch(ExecutionState.RUNNING::equals);
    }

    private static boolean isOver(ExecutionGraphInfo graph) {
        return graph.getArchivedExecutionGraph().getState().isTerminalState();
    }

    private static Optional<Throwable> failure(ExecutionGraphInfo graph) {
        var ending = graph.getArchivedExecutionGraph().getFailureInfo();
        if (ending != null) {
            return Optional.of(ending.getException());
        }
        return StreamSupport.stream(graph.getExceptionHistory().spliterator(), false)
                .<Throwable>map(entry -> entry.getException())
                .findFirst();
    }

    private void end(JobID job) throws Exception {
        try {
            cluster.cancelJob(job).get(CALL_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.debug("The job that could not be restored had ended already: {}", e.toString());
        }
        cluster.requestJobResult(job).get(CALL_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The checkpoint is at fault, not the job. */
    private static final class FailedRestore extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedRestore(String message) {
            super(message);
        }
    }
}
