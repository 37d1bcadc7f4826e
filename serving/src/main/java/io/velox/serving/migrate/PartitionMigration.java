package io.velox.serving.migrate;

import static java.util.Objects.requireNonNull;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.log.Topics;
import io.velox.core.store.EpochFiles;
import io.velox.core.store.ModelStore;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaLogTail;
import io.velox.serving.log.LogEpochs;
import io.velox.serving.log.LogEpochs.Epoch;
import io.velox.serving.log.TopicCheck;
import io.velox.serving.log.TopicSetup;
import io.velox.serving.log.UserPartitions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Copies the log of observations into the topic of the next epoch, which has another number of partitions. The old topic stays as it
 * is. Nobody may write to it meanwhile: neither serving nodes nor the job may run.
 *
 * <p>The new topic becomes the log with one change of a setting, after it has been read back and found to be what was to be written;
 * before that nobody takes it for the log, and another run deletes it and starts over.
 */
public final class PartitionMigration {
    private static final long PROGRESS_RECORDS = 1_000_000;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final VeloxConfiguration configuration;
    private final KafkaConfiguration kafka;
    private final Duration forgettingWithin;
    private final KafkaClients clients;
    private final Duration watch;
    private final Consumer<String> progress;

    /**
     * @param configuration of which the epoch and the number of partitions do not matter: the brokers tell them
     * @param watch how long the job must have been silent, where nothing else tells that it does not run
     * @param progress told what is being done, in sentences
     */
    public PartitionMigration(VeloxConfiguration configuration, Duration watch, Consumer<String> progress) {
        this.configuration = configuration;
        this.kafka = configuration.kafka();
        this.forgettingWithin = configuration.forgetting().within();
        this.watch = watch;
        this.clients = new KafkaClients(kafka.bootstrapServers());
        this.progress = progress;
    }

    /**
     * Copies. Blocks, for as long as reading the log three times takes.
     *
     * @throws VeloxException {@code INVALID_REQUEST} if there is nothing to do or Velox runs, {@code LOG_UNAVAILABLE},
     *     {@code STORE_UNAVAILABLE}
     */
    public MigrationReport run(int partitions) {
        try (Admin admin = clients.admin("velox-migrate")) {
            Epoch from = source(admin, partitions);
            Epoch to = next(from, partitions);
            awaitSilence();
            LogCut end = end(from);
            Survivors survivors = survey(from, end);
            deleteRemains(admin, to);
            TopicSetup.createCopy(admin, in(to), forgettingWithin);
            Map<Verdict, Long> records = copy(from, end, survivors, to);
            finish(admin, from, end, to);
            return new MigrationReport(from, to, records);
        }
    }

    /** Of a copy that was begun, or of the same epoch before somebody went back to the old one: nothing of it fits the new copy. */
    private void deleteRemains(Admin admin, Epoch to) {
        Topics feeds = new Topics(kafka.topicPrefix(), to.number());
        LogEpochs.delete(admin, List.of(to.topic(), feeds.userUpdates(), feeds.itemUpdates()));
        try (ModelStore store = OldEpochs.store(configuration)) {
            EpochFiles.from(store, to.number()).delete(store);
        }
    }

    /** What {@link #run} would do; reads the log twice, and changes nothing. */
    public MigrationReport rehearse(int partitions) {
        try (Admin admin = clients.admin("velox-migrate")) {
            Epoch from = source(admin, partitions);
            LogCut end = end(from);
            Survivors survivors = survey(from, end);
            Map<Verdict, Long> records = new EnumMap<>(Verdict.class);
            log(from, end).forEach(record -> records.merge(survivors.judge(record), 1L, Long::sum));
            return new MigrationReport(from, next(from, partitions), records);
        }
    }

    private Epoch source(Admin admin, int partitions) {
        Epoch log = LogEpochs.read(admin, kafka)
                .newestComplete()
                .orElseThrow(() -> new VeloxException(
                        ErrorCode.INVALID_REQUEST,
                        "there is no log to migrate: the brokers at " + kafka.bootstrapServers() + " have no topic "
                                + new Topics(kafka.topicPrefix(), 0).observations()));
        // In a log of before records had keys of their own nothing can be forgotten: it may be copied as it is.
        if (log.partitions() == partitions
                && TopicCheck.obstacleToForgetting(clients, log.topic()).isEmpty()) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    "the log has " + partitions + " partitions already; set kafka.epoch: " + log.number()
                            + " and kafka.partitions: " + partitions);
        }
        return log;
    }

    /** A job that runs reports its health every few seconds, even when there is nothing to learn. */
    private void awaitSilence() {
        KafkaLogTail health = new KafkaLogTail(
                () -> clients.consumer("velox-migrate"),
                new Topics(kafka.topicPrefix(), 0).health(),
                new UserPartitions(0, 1));
        LogCut before = health.end();
        long end = System.nanoTime() + watch.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (!health.end().equals(before)) {
                throw new VeloxException(
                        ErrorCode.INVALID_REQUEST, "the job runs: it reports its health; stop it and serving first");
            }
        }
    }

    private Epoch next(Epoch from, int partitions) {
        int number = from.number() + 1;
        return new Epoch(number, new Topics(kafka.topicPrefix(), number).observations(), partitions, true);
    }

    private KafkaConfiguration in(Epoch epoch) {
        return new KafkaConfiguration(
                kafka.bootstrapServers(), kafka.topicPrefix(), epoch.partitions(), kafka.replication(), epoch.number());
    }

    private LogCut end(Epoch epoch) {
        return new KafkaLogTail(() -> clients.consumer("velox-migrate"), epoch.topic(), partitions(epoch)).end();
    }

    private OrderedLog log(Epoch epoch, LogCut end) {
        return new OrderedLog(() -> clients.consumer("velox-migrate"), epoch.topic(), end);
    }

    private static UserPartitions partitions(Epoch epoch) {
        return new UserPartitions(epoch.number(), epoch.partitions());
    }

    private Survivors survey(Epoch from, LogCut end) {
        long records =
                end.endOffsets().values().stream().mapToLong(Long::longValue).sum();
        progress.accept("Reading what was forgotten and withdrawn in the " + records + " records of " + from.topic());
        Survivors survivors = new Survivors();
        log(from, end).forEach(survivors::survey);
        return survivors;
    }

    private Map<Verdict, Long> copy(Epoch from, LogCut end, Survivors survivors, Epoch to) {
        progress.accept("Copying to " + to.topic() + ", in " + to.partitions() + " partitions");
        Map<Verdict, Long> records = new EnumMap<>(Verdict.class);
        LogDigest written;
        try (var producer = clients.copyProducer("velox-migrate")) {
            LogCopy copy = new LogCopy(producer, to.topic(), partitions(to));
            log(from, end).forEach(record -> {
                Verdict verdict = survivors.judge(record);
                if (verdict == Verdict.COPIED) {
                    copy.write(record);
                }
                if (records.merge(verdict, 1L, Long::sum) % PROGRESS_RECORDS == 0) {
                    progress.accept("  " + records.get(verdict) + " records " + verdict.text());
                }
            });
            written = copy.finish();
        }
        progress.accept("Reading the copy back");
        LogDigest found = new LogDigest();
        log(to, end(to))
                .forEach((ConsumerRecord<byte[], byte[]> record) ->
                        found.add(record.partition(), record.timestamp(), requireNonNull(record.value())));
        if (!found.toString().equals(written.toString())) {
            throw new VeloxException(
                    ErrorCode.INTERNAL,
                    "the copy is not what was written, and is not used: " + found + " instead of " + written);
        }
        return records;
    }

    /** The last look at the old log comes after the new one has taken over: who wrote to it in between is found out. */
    private void finish(Admin admin, Epoch from, LogCut end, Epoch to) {
        LogEpochs.complete(admin, to.topic());
        if (!end(from).equals(end)) {
            LogEpochs.delete(admin, List.of(to.topic()));
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    "the log grew while it was copied: Velox runs; stop serving and the job, and begin again");
        }
    }
}
