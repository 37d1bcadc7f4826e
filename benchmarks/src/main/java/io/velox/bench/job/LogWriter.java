package io.velox.bench.job;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.log.UserRecord;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaObservationLog;
import io.velox.serving.log.UserPartitions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Writes records to the log as a serving node does, many at a time. Single writer. */
final class LogWriter implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final int BATCHES_UNDER_WAY = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaObservationLog log;
    private final Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();
    private List<UserRecord> batch = new ArrayList<>(BATCH);

    LogWriter(KafkaConfiguration kafka) {
        this.log = new KafkaObservationLog(
                new KafkaClients(kafka.bootstrapServers()).observationProducer("velox-bench"),
                kafka.topics().observations(),
                new UserPartitions(kafka.epoch(), kafka.partitions()),
                (BATCHES_UNDER_WAY + 2) * BATCH,
                PATIENCE);
    }

    void add(UserRecord record) throws Exception {
        batch.add(record);
        if (batch.size() == BATCH) {
            send();
        }
    }

    /** Waits until everything that was added is in the log. */
    void flush() throws Exception {
        send();
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    private void send() throws Exception {
        underWay.add(log.append(batch));
        batch = new ArrayList<>(BATCH);
        if (underWay.size() > BATCHES_UNDER_WAY) {
            await(underWay.remove());
        }
    }

    private static void await(CompletableFuture<?> written) throws Exception {
        written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        log.close();
    }
}
