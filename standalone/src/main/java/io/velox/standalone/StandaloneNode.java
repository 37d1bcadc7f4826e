package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.serving.access.Exposure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole Velox on one machine, running: the engines, the job and the serving node, in one data directory. */
public final class StandaloneNode implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneNode.class);
    /** After a crash the job replays the log from its last checkpoint; without a checkpoint, from the beginning. */
    private static final Duration READY_DEADLINE = Duration.ofHours(1);

    private final NodePieces pieces;
    private final Thread shutdownHook;
    private final Serving serving;
    private final RunningJob job;
    private final VeloxConfiguration configuration;
    private final double startSeconds;

    private StandaloneNode(
            NodePieces pieces,
            Thread shutdownHook,
            Serving serving,
            RunningJob job,
            VeloxConfiguration configuration,
            double startSeconds) {
        this.pieces = pieces;
        this.shutdownHook = shutdownHook;
        this.serving = serving;
        this.job = job;
        this.configuration = configuration;
        this.startSeconds = startSeconds;
    }

    /**
     * Starts everything, what does not depend on each other at the same time, and waits until serving says that it is ready. It stops
     * when it is closed or the process is told to end.
     *
     * <pre>
     *   Kafka ─ topics ─┬─ serving
     *   Alluxio ────────┤
     *   Flink ──────────┴─ job
     * </pre>
     *
     * @param given of which the addresses of the store, the log and the job are replaced
     * @throws StartFailure with the reason; whatever had started is stopped again
     */
    public static StandaloneNode start(
            DataDirectory data,
            StoreKind kind,
            VeloxConfiguration given,
            Installation installation,
            Workload workload) {
        StartTimes times = new StartTimes();
        Exposure.check(given.serving(), given.access());
        Ports.requireFree(
                "serving.port", given.serving().host(), given.serving().port());
        Ports.requireFree(
                "serving.management-port",
                given.access().managementHost(),
                given.serving().managementPort());
        Path scratch = data.folder("spark");
        SparkLauncherCommand.endLeftOver(scratch);
        List<String> trainer = SparkLauncherCommand.of(installation, given.retrain(), scratch);
        Path trainerLog = data.folder("logs").resolve("train.log");
        Addresses addresses = Addresses.take(data, kind);
        VeloxConfiguration configuration = addresses.in(given, data);

        NodePieces pieces = new NodePieces(times);
        Thread shutdownHook = new Thread(pieces::close, "velox-shutdown");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try {
            List<CompletableFuture<?>> store = new ArrayList<>();
            addresses
                    .alluxio()
                    .ifPresent(settings -> store.add(pieces.begin(
                            Piece.ALLUXIO,
                            List.of(),
                            () -> AlluxioProcesses.start(installation.alluxioJars(), settings))));
            var kafka = pieces.begin(
                    Piece.KAFKA, List.of(), () -> EmbeddedKafka.start(data.folder("kafka"), addresses.kafka()));
            var flink = pieces.begin(
                    Piece.FLINK,
                    List.of(),
                    () -> EmbeddedFlink.start(configuration, data.folder("flink"), addresses.queries()));
            var topics = pieces.begin(Piece.TOPICS, List.of(kafka), () -> {
                workload.topics().accept(configuration);
                return () -> {};
            });
            var serving = pieces.begin(Piece.SERVING, and(store, topics), () -> workload.serving()
                    .start(configuration, trainer, trainerLog));
            var job = pieces.begin(
                    Piece.JOB, and(store, topics, flink), () -> flink.join().run(workload.job()));
            pieces.await();
            new Readiness(configuration.access()).await(serving.join().management(), READY_DEADLINE, pieces.failure());
            times.log();
            return new StandaloneNode(pieces, shutdownHook, serving.join(), job.join(), configuration, times.seconds());
        } catch (RuntimeException e) {
            LOG.error("Velox did not start", e);
            stop(pieces, shutdownHook);
            throw e;
        }
    }

    private static List<CompletableFuture<?>> and(List<CompletableFuture<?>> some, CompletableFuture<?>... others) {
        List<CompletableFuture<?>> all = new ArrayList<>(some);
        all.addAll(List.of(others));
        return all;
    }

    public URI api() {
        return serving.api();
    }

    public URI management() {
        return serving.management();
    }

    /** With the addresses of the engines inside. */
    public VeloxConfiguration configuration() {
        return configuration;
    }

    /** The checkpoint that the job began with, or that it began with the start of the log. */
    public String jobStartedFrom() {
        return job.startedFrom();
    }

    /** From the first engine to ready. */
    public double startSeconds() {
        return startSeconds;
    }

    /** An engine that ended by itself; the node is then of no more use. */
    @Override
    public CompletableFuture<String> failure() {
        return pieces.failure();
    }

    /** Stops serving, the job after a last checkpoint, Flink, Kafka and Alluxio, in this order. */
    @Override
    public void close() {
        stop(pieces, shutdownHook);
    }

    private static void stop(NodePieces pieces, Thread shutdownHook) {
        pieces.close();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("The process is ending, and the hook runs", e);
        }
    }
}
