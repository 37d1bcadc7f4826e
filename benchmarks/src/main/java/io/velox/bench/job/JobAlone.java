package io.velox.bench.job;

import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SyntheticVersion;
import io.velox.bench.node.Ends;
import io.velox.bench.node.Progress;
import io.velox.bench.node.Waiting;
import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.Observation;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.job.VeloxJob;
import io.velox.serving.lifecycle.CatalogueWriter;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.TopicSetup;
import io.velox.standalone.EmbeddedFlink;
import io.velox.standalone.EmbeddedFlink.QueryPorts;
import io.velox.standalone.EmbeddedKafka;
import io.velox.standalone.EmbeddedKafka.KafkaPorts;
import io.velox.standalone.Ports;
import io.velox.standalone.RunningJob;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The job without a serving node, in this process: a broker, a Flink cluster with one slot, RocksDB, checkpoints; one partition, so that
 * records are applied in the order in which they were written.
 */
public final class JobAlone implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final EmbeddedKafka kafka;
    private final EmbeddedFlink flink;
    private final Map<String, String> settings;
    private final VeloxConfiguration configuration;
    private final Path store;
    private final LogWriter log;
    private final Ends ends;

    private JobAlone(
            EmbeddedKafka kafka,
            EmbeddedFlink flink,
            Map<String, String> settings,
            VeloxConfiguration configuration,
            Path store) {
        this.kafka = kafka;
        this.flink = flink;
        this.settings = settings;
        this.configuration = configuration;
        this.store = store;
        this.log = new LogWriter(configuration.kafka());
        this.ends = new Ends(configuration.kafka());
    }

    /**
     * Starts the engines in a folder.
     *
     * @param given VELOX_* variables; where store and engines are is not theirs to say
     */
    public static JobAlone open(Path folder, Map<String, String> given) throws Exception {
        Path store = Files.createDirectories(folder.resolve("store"));
        Ports ports = new Ports(folder.resolve("ports.properties"), new SplittableRandom());
        KafkaPorts kafkaPorts = KafkaPorts.take(ports);
        Map<String, String> settings = new TreeMap<>(given);
        settings.put("VELOX_STORE_ROOT", store.toUri().toString());
        settings.put("VELOX_KAFKA_BOOTSTRAP_SERVERS", kafkaPorts.bootstrapServers());
        settings.put("VELOX_KAFKA_PARTITIONS", "1");
        settings.put("VELOX_JOB_PARALLELISM", "1");
        VeloxConfiguration configuration = ConfigurationReader.read(Optional.empty(), settings);
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafkaPorts);
        try {
            TopicSetup.ensure(configuration);
            EmbeddedFlink flink = EmbeddedFlink.start(configuration, folder.resolve("flink"), QueryPorts.take(ports));
            return new JobAlone(kafka, flink, settings, configuration, store);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Writes ratings to the log, in an order; returns when they are there. */
    public void append(RatingTable ratings, int[] rows) throws Exception {
        for (int row : rows) {
            log.add(UserRecord.Observed.of(Observation.of(
                    ratings.uid(ratings.user(row)),
                    Item.ofId(ratings.item(row)),
                    ratings.label(row),
                    ratings.time(row))));
        }
        log.flush();
    }

    /** Makes a version of random factors the one that every job from now on learns in, and asks for every user to be rebased onto it. */
    public void activateVersion(RatingTable ratings, long seed) throws Exception {
        Manifest manifest;
        try (ModelStore versions =
                ModelStore.open(URI.create(configuration.store().root()), Map.of())) {
            manifest = SyntheticVersion.write(versions, seed);
        }
        KafkaClients clients = new KafkaClients(configuration.kafka().bootstrapServers());
        try (CatalogueWriter catalogue = CatalogueWriter.begin(
                () -> clients.transactionalProducer(
                        "velox-bench-catalogue", configuration.kafka().topics().lifecycle()),
                configuration.kafka().topics().catalogue(),
                System::nanoTime)) {
            catalogue.write(SyntheticVersion.active(manifest));
        }
        String address = ModelStore.manifestAddress(manifest.id());
        for (int user = 0; user < ratings.users(); user++) {
            log.add(new UserRecord.Rebased(ratings.uid(user), manifest.model(), manifest.version(), address));
        }
        log.flush();
    }

    /**
     * Runs the job until it has applied what is in the log, from where the last one ended, and stops it with a checkpoint.
     *
     * @param cacheMib of covariances
     * @return how many records had been applied when; of this run only
     */
    public Progress catchUp(long cacheMib) throws Exception {
        Map<String, String> withCache = new TreeMap<>(settings);
        withCache.put("VELOX_LEARNER_COVARIANCE_CACHE_MIB", Long.toString(cacheMib));
        VeloxConfiguration ofThisRun = ConfigurationReader.read(Optional.empty(), withCache);
        Ends.Position start = ends.now();
        Progress applied = new Progress();
        applied.add(0, 0);
        try (RunningJob job = flink.run((environment, ignored) -> VeloxJob.build(environment, ofThisRun))) {
            long begin = System.nanoTime();
            Waiting.until("the job to apply " + start.lag() + " records", LONGEST, LOOK, () -> {
                if (job.failure().isDone()) {
                    throw new IllegalStateException(job.failure().join());
                }
                long now = ends.now().applied() - start.applied();
                applied.add((System.nanoTime() - begin) / 1e9, now);
                return now >= start.lag();
            });
        }
        if (applied.last() != start.lag()) {
            throw new IllegalStateException(start.lag() + " records waited, but " + applied.last()
                    + " were applied: the job restarted meanwhile");
        }
        return applied;
    }

    /** The newest checkpoint; {@link #catchUp} leaves one of everything. */
    public StoredCheckpoint newestCheckpoint() throws Exception {
        return StoredCheckpoint.newest(store.resolve("checkpoints"));
    }

    @Override
    public void close() {
        ends.close();
        log.close();
        flink.close();
        kafka.close();
    }
}
