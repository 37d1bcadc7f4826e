package io.velox.job;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.state.QueryableUserModelReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.QueryableStateOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;

/** A mini cluster with RocksDB and queries, in which the whole topology runs at parallelism 1 between ends in memory. */
final class JobCluster implements AutoCloseable {
    private final MiniCluster cluster;
    private final VeloxConfiguration configuration;
    private final int proxyPort = freePort();

    /** Starts the cluster; {@code store} is the root of the job's store. */
    JobCluster(URI store, Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("VELOX_STORE_ROOT", store.toString());
        all.put("VELOX_JOB_HEALTH_INTERVAL_MS", "100");
        all.put("VELOX_JOB_PARALLELISM", "1");
        configuration = ConfigurationReader.read(Optional.empty(), all);
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .setConfiguration(settings())
                .build());
        cluster.start();
    }

    MiniCluster cluster() {
        return cluster;
    }

    /** Starts the job, from a savepoint if there is one. */
    JobID start(JobEnds ends, SavepointRestoreSettings savepoint) throws Exception {
        StreamExecutionEnvironment env = new TestStreamEnvironment(cluster, 1);
        JobSettings.apply(env, configuration);
        VeloxJob.connect(env, configuration, ends);
        JobGraph job = env.getStreamGraph().getJobGraph();
        job.setSavepointRestoreSettings(savepoint);
        return cluster.submitJob(job).get().getJobID();
    }

    QueryableUserModelReader reader(JobID job) {
        return new QueryableUserModelReader(
                List.of("127.0.0.1:" + proxyPort), () -> Optional.of(job.toHexString()), Duration.ofSeconds(5));
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    @SuppressWarnings("deprecation") // queryable state is deprecated and has no successor
    private Configuration settings() {
        Configuration settings = new Configuration();
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(QueryableStateOptions.ENABLE_QUERYABLE_STATE_PROXY_SERVER, true);
        settings.set(QueryableStateOptions.PROXY_PORT_RANGE, Integer.toString(proxyPort));
        settings.set(QueryableStateOptions.SERVER_PORT_RANGE, Integer.toString(freePort()));
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(96));
        return settings;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
