package io.velox.job;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the job wants of Flink, wherever the operator of the cluster has not decided otherwise. */
final class JobSettings {
    /** Key groups: the highest parallelism that the configuration allows. It is part of the state and can never change. */
    private static final int MAX_PARALLELISM = 1024;

    private static final String ROCKSDB = "rocksdb";

    private final ReadableConfig operators;
    private final Configuration wanted = new Configuration();

    private JobSettings(ReadableConfig operators) {
        this.operators = operators;
    }

    /**
     * Sets everything on {@code env}.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION} if the cluster's configuration forbids what correctness needs
     */
    static void apply(StreamExecutionEnvironment env, VeloxConfiguration configuration) {
        JobSettings settings = new JobSettings(env.getConfiguration());
        settings.refuseStateOnTheHeap();
        settings.ofCheckpoints(configuration);
        settings.ofRestarts();
        settings.want(StateBackendOptions.STATE_BACKEND, ROCKSDB);
        settings.ofStateFiles(configuration);
        settings.want(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        settings.want(PipelineOptions.GENERIC_TYPES, false);
        settings.want(PipelineOptions.OBJECT_REUSE, true); // everything that travels is immutable
        settings.want(ExecutionOptions.BUFFER_TIMEOUT, Duration.ZERO);
        env.configure(settings.wanted);
        env.setParallelism(configuration.job().parallelism()); // Flink's shipped configuration says 1 for everyone
    }

    private void ofCheckpoints(VeloxConfiguration configuration) {
        want(
                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                Duration.ofMillis(configuration.job().checkpointIntervalMs()));
        want(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        want(CheckpointingOptions.CHECKPOINTS_DIRECTORY, configuration.checkpointFolder());
        want(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        want(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        // A checkpoint that fails does not restart the job by itself; the archive, which writes to the same store,
        // still may.
        want(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
    }

    private void ofRestarts() {
        want(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        want(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(200));
        want(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        want(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
        want(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, Duration.ofMinutes(1));
    }

    /** Half of the days: a file may be that old when a user in it is forgotten, and the checkpoints with it go soon after. */
    private void ofStateFiles(VeloxConfiguration configuration) {
        want(RocksDBOptions.OPTIONS_FACTORY, StateFilesFactory.class.getName());
        want(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true); // a user is in few of the files that are gathered
        want(
                StateFilesFactory.REWRITTEN_AFTER,
                configuration.forgetting().within().dividedBy(2));
    }

    private void refuseStateOnTheHeap() {
        String backend =
                operators.getOptional(StateBackendOptions.STATE_BACKEND).orElse(ROCKSDB);
        if (!backend.toLowerCase(Locale.ROOT).contains(ROCKSDB)) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_CONFIGURATION,
                    StateBackendOptions.STATE_BACKEND.key(),
                    StateBackendOptions.STATE_BACKEND.key() + " must be rocksdb, but the cluster's configuration has '"
                            + backend + "': users' state is queried while it is written, which state on the heap does"
                            + " not survive");
        }
    }

    private <T> void want(ConfigOption<T> option, T value) {
        if (operators.getOptional(option).isEmpty()) {
            wanted.set(option, value);
        }
    }
}
