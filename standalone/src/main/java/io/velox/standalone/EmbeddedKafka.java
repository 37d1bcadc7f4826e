package io.velox.standalone;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and controller (KRaft) in this process, on loopback, with one log directory and its cluster id kept in it.
 *
 * <p>Durability: an acknowledged record is in the operating system's page cache, as on every Kafka broker that is not told to
 * {@code fsync}. It survives the end of the process, {@code kill -9} included; after a power failure of the machine the last records
 * may be gone. With one broker there is no other copy: where that matters, run a cluster with {@code kafka.replication: 3}.
 */
public final class EmbeddedKafka implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final int NODE = 1;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private final CompletableFuture<String> failure;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers, CompletableFuture<String> failure) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
        this.failure = failure;
    }

    /** The ports of 127.0.0.1 for clients and for the controller. */
    public record KafkaPorts(int broker, int controller) {
        public static KafkaPorts take(Ports ports) {
            return new KafkaPorts(ports.take("kafka"), ports.take("kafka-controller"));
        }

        /** As {@code kafka.bootstrap-servers} wants it. */
        public String bootstrapServers() {
            return "127.0.0.1:" + broker;
        }
    }

    /**
     * Starts the broker and waits until it answers.
     *
     * @param directory for its logs; formatted if it is new
     * @throws StartFailure with the reason
     */
    public static EmbeddedKafka start(Path directory, KafkaPorts ports) {
        CompletableFuture<String> failure = new CompletableFuture<>();
        // Without this a fatal fault of the broker would end the process without a word and without stopping the rest.
        Exit.setExitProcedure((status, message) -> failed(failure, message));
        Exit.setHaltProcedure((status, message) -> failed(failure, message));
        try {
            format(directory);
            KafkaConfig config = KafkaConfig.fromProps(settings(directory, ports), false);
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            EmbeddedKafka kafka = new EmbeddedKafka(server, ports.bootstrapServers(), failure);
            try {
                server.startup();
            } catch (RuntimeException e) {
                kafka.close();
                throw e;
            }
            return kafka;
        } catch (Exception e) {
            throw new StartFailure(
                    "Kafka did not start on " + ports.bootstrapServers() + " in " + directory + ": " + Causes.root(e),
                    e);
        }
    }

    private static void failed(CompletableFuture<String> failure, String message) {
        LOG.error("Kafka cannot go on: {}", message);
        failure.complete("Kafka cannot go on" + (message == null ? "" : ": " + message));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Completes with the reason when the broker fails by itself. */
    @Override
    public CompletableFuture<String> failure() {
        return failure;
    }

    private static void format(Path directory) throws Exception {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }

    private static Properties settings(Path directory, KafkaPorts ports) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", NODE);
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + ports.controller());
        settings.put(
                "listeners",
                "PLAINTEXT://" + ports.bootstrapServers() + ",CONTROLLER://127.0.0.1:" + ports.controller());
        settings.put("advertised.listeners", "PLAINTEXT://" + ports.bootstrapServers());
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", false);

        // One node: nothing to replicate to, nobody to wait for.
        settings.put("offsets.topic.num.partitions", 1);
        settings.put("offsets.topic.replication.factor", 1);
        settings.put("transaction.state.log.num.partitions", 1);
        settings.put("transaction.state.log.replication.factor", 1);
        settings.put("transaction.state.log.min.isr", 1);
        settings.put("share.coordinator.state.topic.num.partitions", 1);
        settings.put("share.coordinator.state.topic.replication.factor", 1);
        settings.put("share.coordinator.state.topic.min.isr", 1);
        settings.put("group.initial.rebalance.delay.ms", 0);

        // After a kill the controller takes the broker for its own former self until that one's session is over.
        settings.put("broker.session.timeout.ms", 4_000);
        settings.put("broker.heartbeat.interval.ms", 1_500);

        // Bounds of memory and threads; small segments, because the last one of each partition is read again after a
        // kill.
        settings.put("num.network.threads", 2);
        settings.put("num.io.threads", 2);
        settings.put("background.threads", 2);
        settings.put("num.recovery.threads.per.data.dir", 2);
        settings.put("queued.max.requests", 64);
        settings.put("log.segment.bytes", 64 * 1024 * 1024);
        settings.put("log.cleaner.threads", 1);
        // Holds the keys of any one segment of the log of observations; more uncleaned keys than that take several
        // rounds.
        settings.put("log.cleaner.dedupe.buffer.size", 24 * 1024 * 1024);
        settings.put("log.cleaner.io.buffer.size", 256 * 1024);

        Properties properties = new Properties();
        settings.forEach((key, value) -> properties.setProperty(key, String.valueOf(value)));
        return properties;
    }

    /** Stops cleanly, so that the next start needs no recovery; gives up waiting after a deadline. */
    @Override
    public void close() {
        Thread stop = new Thread(
                () -> {
                    server.shutdown();
                    server.awaitShutdown();
                },
                "velox-kafka-stop");
        stop.setDaemon(true);
        stop.start();
        try {
            stop.join(STOP_DEADLINE.toMillis());
            if (stop.isAlive()) {
                LOG.warn(
                        "Kafka did not stop within {} s; its log is recovered at the next start",
                        STOP_DEADLINE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
