package io.velox.serving.log;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The log of observations in Kafka.
 *
 * <p>At most {@code maxOutstanding} records are on their way; beyond them a batch is refused with {@code OVERLOADED}. A batch that has waited
 * longer than {@code patience} before it could be sent is refused unsent with {@code LOG_UNAVAILABLE}. Futures complete on the
 * producer's thread.
 */
public final class KafkaObservationLog implements ObservationLog, AutoCloseable {
    private final KafkaAppender appender;
    private final String topic;
    private final UserPartitions partitions;
    private final RecordKey.Source keys = new RecordKey.Source();

    /** Takes ownership of the producer. */
    public KafkaObservationLog(
            Producer<byte[], byte[]> producer,
            String topic,
            UserPartitions partitions,
            int maxOutstanding,
            Duration patience) {
        this.appender = new KafkaAppender(
                producer,
                new KafkaAppender.Target(
                        "observation-log",
                        "the log of observations (" + topic + ")",
                        "send them again, with the same ids"),
                maxOutstanding,
                patience);
        this.topic = topic;
        this.partitions = partitions;
    }

    @Override
    public CompletableFuture<List<Revision>> append(List<? extends UserRecord> records) {
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        List<UserRecord> batch = List.copyOf(records);
        return appender.append(batch.size(), i -> record(batch.get(i))).thenApply(positions -> positions.stream()
                .map(at -> new Revision(partitions.epoch(), at.partition(), at.offset()))
                .toList());
    }

    private ProducerRecord<byte[], byte[]> record(UserRecord record) {
        int partition = partitions.of(record.uid());
        return new ProducerRecord<>(topic, partition, keys.next(record.uid()), RecordCodec.write(record));
    }

    /** Refuses what is still queued, and waits a few seconds for what is being sent. */
    @Override
    public void close() {
        appender.close();
    }
}
