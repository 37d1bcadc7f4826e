package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/** The settings of the Flink inside: loopback, bounded memory, RocksDB, queries, checkpoints in the store. */
final class FlinkSettings {
    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(128);
    private static final MemorySize NETWORK = MemorySize.ofMebiBytes(32);
    static final int RETAINED_CHECKPOINTS = 3;

    private FlinkSettings() {}

    static Configuration of(
            VeloxConfiguration velox,
            Path directory,
            org.apache.flink.core.fs.Path checkpoints,
            EmbeddedFlink.QueryPorts ports) {
        Configuration settings = new Configuration();
        velox.store().hadoop().forEach((key, value) -> settings.setString("flink.hadoop." + key, value));

        settings.set(JobManagerOptions.ADDRESS, "127.0.0.1");
        settings.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        settings.set(TaskManagerOptions.HOST, "127.0.0.1");
        settings.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
        settings.set(RestOptions.ADDRESS, "127.0.0.1");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(
                BlobServerOptions.STORAGE_DIRECTORY, directory.resolve("blobs").toString());
        settings.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());

        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);

        // By name: the class of these options is deprecated.
        settings.setString("queryable-state.enable", "true");
        settings.setString("queryable-state.proxy.ports", Integer.toString(ports.proxy()));
        settings.setString("queryable-state.server.ports", Integer.toString(ports.server()));

        // Queries of heap state can spin for ever in Flink: RocksDB.
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(
                RocksDBOptions.LOCAL_DIRECTORIES, directory.resolve("rocksdb").toString());
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toString());
        settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        settings.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                Duration.ofMillis(velox.job().checkpointIntervalMs()));

        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ZERO);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(200));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(2));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 20);
        return settings;
    }
}
