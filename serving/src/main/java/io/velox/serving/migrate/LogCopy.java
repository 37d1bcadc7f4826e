package io.velox.serving.migrate;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.serving.log.UserPartitions;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Writes records of the old log to the new one: to the partition of their user, with the time at which they arrived. Single writer. */
final class LogCopy {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final UserPartitions partitions;
    private final RecordKey.Source keys = new RecordKey.Source();
    private final LogDigest written = new LogDigest();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    LogCopy(Producer<byte[], byte[]> producer, String topic, UserPartitions partitions) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** @throws VeloxException {@code LOG_UNAVAILABLE} if this record or an earlier one was not written */
    void write(ConsumerRecord<byte[], byte[]> record) {
        check();
        String uid = Survivors.decoded(record).map(UserRecord::uid).orElseThrow();
        int partition = partitions.of(uid);
        try {
            var unused = producer.send(
                    new ProducerRecord<>(topic, partition, record.timestamp(), keys.next(uid), record.value()),
                    (metadata, error) -> {
                        if (error != null) {
                            failure.compareAndSet(null, error);
                        }
                    });
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
            check();
        }
        written.add(partition, record.timestamp(), record.value());
    }

    /** Waits until everything is on every replica that the topic asks for; what the topic must then hold. */
    LogDigest finish() {
        producer.flush();
        check();
        return written;
    }

    private void check() {
        Exception error = failure.get();
        if (error != null) {
            throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "topic " + topic + " did not take a record: " + error);
        }
    }
}
