package io.velox.serving.forgetting;

import io.micrometer.core.instrument.Meter;
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
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Forgetting on the node that runs the lifecycle, when it begins to and every hour, and between it the upkeep of the archive. */
public final class Forgetting {
    private static final Duration INTERVAL = Duration.ofHours(1);

    private static final Duration UPKEEP_INTERVAL = Duration.ofMinutes(10);

    /** A tenth of what one broker takes from one producer without batching. */
    private static final int TOMBSTONES_PER_SECOND = 5_000;

    private final Forgetter forgetter;
    private final ArchiveUpkeep upkeep;
    private final ScheduledExecutorService executor;

    private Forgetting(Forgetter forgetter, ArchiveUpkeep upkeep, ScheduledExecutorService executor) {
        this.forgetter = forgetter;
        this.upkeep = upkeep;
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
        // Behind a training at worst.
        Duration limit =
                Duration.ofMinutes(configuration.retrain().timeoutMinutes()).multipliedBy(2);
        ArchiveUpkeep upkeep = new ArchiveUpkeep(new ObservationArchive(store), compactor, limit, clock);
        Forgetter.Ports ports = new Forgetter.Ports(
                tail,
                new LogPurge(scan, kafka.epoch()),
                () -> TopicCheck.obstacleToForgetting(clients, topic),
                new JobProgress(clients, kafka.topics().jobGroup(), topic, kafka.epoch())::committed,
                () -> new Tombstones(clients.observationProducer("velox-forgetting"), topic, TOMBSTONES_PER_SECOND),
                new OfflineUsers(store, () -> models.entries().values(), lifecycle::relocate),
                upkeep,
                new ProgressFile(store));
        ForgettingSchedule schedule =
                new ForgettingSchedule(configuration.forgetting().within());
        return new Forgetting(new Forgetter(ports, kafka.epoch(), schedule, clock), upkeep, executor);
    }

    /** Whoever ends it removes the meters. */
    public List<Meter> bindTo(MeterRegistry registry) {
        return forgetter.bindTo(registry);
    }

    public void start() {
        every(INTERVAL, Duration.ZERO, forgetter);
        every(UPKEEP_INTERVAL, UPKEEP_INTERVAL, upkeep);
    }

    private void every(Duration interval, Duration first, Runnable task) {
        var unused =
                executor.scheduleWithFixedDelay(task, first.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }
}
