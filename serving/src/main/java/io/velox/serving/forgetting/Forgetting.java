package io.velox.serving.forgetting;

import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import io.velox.serving.lifecycle.ArchiveCompactor;
import io.velox.serving.lifecycle.LoadedModels;
import io.velox.serving.lifecycle.ModelLifecycle;
import io.velox.serving.log.ForgettingSchedule;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.LogTail;
import io.velox.serving.log.TopicCheck;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Forgetting on a node: when it is started, and every hour. */
public final class Forgetting {
    private static final Duration INTERVAL = Duration.ofHours(1);
    /** A tenth of what one broker takes from one producer without batching. */
    private static final int TOMBSTONES_PER_SECOND = 5_000;

    private final Forgetter forgetter;
    private final ScheduledExecutorService executor;

    private Forgetting(Forgetter forgetter, ScheduledExecutorService executor) {
        this.forgetter = forgetter;
        this.executor = executor;
    }

    /**
     * Assembles it.
     *
     * @param executor a single thread, which it may block for as long as a training takes
     */
    public static Forgetting of(
            VeloxConfiguration configuration,
            KafkaClients clients,
            ModelStore store,
            LogTail tail,
            LoadedModels models,
            ModelLifecycle lifecycle,
            ArchiveCompactor compactor,
            Clock clock,
            ScheduledExecutorService executor) {
        KafkaConfiguration kafka = configuration.kafka();
        String topic = kafka.topics().observations();
        LogScan scan = new LogScan(() -> clients.consumer("velox-forgetting"), topic);
        Duration grace = Duration.ofMinutes(configuration.retrain().timeoutMinutes());
        Forgetter.Ports ports = new Forgetter.Ports(
                tail,
                new LogPurge(scan, kafka.epoch()),
                () -> TopicCheck.obstacleToForgetting(clients, topic),
                new JobProgress(clients, kafka.topics().jobGroup(), topic, kafka.epoch())::committed,
                () -> new Tombstones(clients.observationProducer("velox-forgetting"), topic, TOMBSTONES_PER_SECOND),
                new OfflineUsers(store, () -> models.entries().values(), lifecycle::relocate),
                new ArchiveUpkeep(new ObservationArchive(store), compactor, grace, clock),
                new ProgressFile(store));
        ForgettingSchedule schedule =
                new ForgettingSchedule(configuration.forgetting().within());
        return new Forgetting(new Forgetter(ports, kafka.epoch(), schedule, clock), executor);
    }

    public Forgetting bindTo(MeterRegistry registry) {
        forgetter.bindTo(registry);
        return this;
    }

    public void start() {
        var unused = executor.scheduleWithFixedDelay(forgetter, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
}
