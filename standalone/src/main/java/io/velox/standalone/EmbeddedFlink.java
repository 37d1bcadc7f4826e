package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.serving.log.ForgettingSchedule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink cluster in this process, with one task manager, RocksDB, and queries of its state on loopback; it runs one job.
 *
 * <p>Its working files under {@code directory} are of no use after it ended; what counts are the checkpoints in the store.
 */
public final class EmbeddedFlink implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFlink.class);
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(20);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final MiniCluster cluster;
    private final Configuration settings;
    private final VeloxConfiguration configuration;
    private final QueryPorts ports;

    private EmbeddedFlink(
            MiniCluster cluster, Configuration settings, VeloxConfiguration configuration, QueryPorts ports) {
        this.cluster = cluster;
        this.settings = settings;
        this.configuration = configuration;
        this.ports = ports;
    }

    /** The ports of 127.0.0.1 on which state is queried: clients ask the proxy, and it asks the server. */
    public record QueryPorts(int proxy, int server) {
        public static QueryPorts take(Ports ports) {
            return new QueryPorts(ports.take("query-proxy"), ports.take("query-server"));
        }

        /** As {@code queryable-state.proxies} wants it. */
        public String proxyAddress() {
            return "127.0.0.1:" + proxy;
        }
    }

    /**
     * Starts the cluster and waits until its state can be queried; the store is first needed by {@link #run}.
     *
     * @param directory for its working files; emptied
     * @throws StartFailure with the reason
     */
    public static EmbeddedFlink start(VeloxConfiguration configuration, Path directory, QueryPorts ports) {
        Configuration settings = FlinkSettings.of(configuration, directory, checkpoints(configuration), ports);
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(configuration.job().parallelism())
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress("127.0.0.1")
                .build());
        EmbeddedFlink flink = new EmbeddedFlink(cluster, settings, configuration, ports);
        try {
            Folders.empty(directory);
            Files.createDirectories(directory.resolve("tmp"));
            FileSystem.initialize(settings, null);
            requireFree(ports.proxy());
            requireFree(ports.server());
            cluster.start();
            awaitListener(ports.proxy());
            awaitListener(ports.server());
            return flink;
        } catch (Exception e) {
            flink.close();
            throw new StartFailure("Flink did not start: " + Causes.root(e), e);
        }
    }

    static org.apache.flink.core.fs.Path checkpoints(VeloxConfiguration configuration) {
        return new org.apache.flink.core.fs.Path(configuration.checkpointFolder());
    }

    /** Flink only logs it when it cannot listen for queries. */
    private static void requireFree(int port) {
        if (!Ports.canListen(port)) {
            throw new StartFailure("port " + port + " of 127.0.0.1, for queries of state, is taken by another process");
        }
    }

    private static void awaitListener(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Waiting.until(ANSWER_DEADLINE, "queries of state were not answered on 127.0.0.1:" + port, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(address, 1_000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    public QueryPorts queryPorts() {
        return ports;
    }

    /**
     * Starts the job from the newest checkpoint in the store that is whole, and waits until all of it runs.
     *
     * @throws StartFailure with the reason
     */
    public RunningJob run(JobBuilder builder) {
        JobLauncher launcher = new JobLauncher(cluster, settings, configuration, builder);
        // By then the records that forgot users leave the log, so that no job may start from before them.
        Duration reserveAge = new ForgettingSchedule(configuration.forgetting().within()).settledAfter();
        RetainedCheckpoints retained =
                new RetainedCheckpoints(checkpoints(configuration), reserveAge, Clock.systemUTC());
        return launcher.launch(retained);
    }

    /** Stops the cluster, and a job that still runs with it, without another checkpoint. */
    @Override
    public void close() {
        try {
            cluster.closeAsync().get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Flink did not stop cleanly: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
