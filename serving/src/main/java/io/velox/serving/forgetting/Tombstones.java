package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes tombstones to the log of observations, no faster than the log's other users bear. Blocks; single writer.
 *
 * <p>Only for a log whose records have keys of their own: see {@link RecordKey}.
 */
final class Tombstones implements AutoCloseable {
    private static final int BATCH = 1_000;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final long batchNanos;
    private final RecordKey.Source keys = new RecordKey.Source();
    private final List<Future<RecordMetadata>> outstanding = new ArrayList<>(BATCH);
    private long batchBegun = System.nanoTime();
    private long written;

    /** Takes ownership of the producer. */
    Tombstones(Producer<byte[], byte[]> producer, String topic, int perSecond) {
        this.producer = producer;
        this.topic = topic;
        this.batchNanos = TimeUnit.SECONDS.toNanos(1) * BATCH / perSecond;
    }

    /** Takes a record out of the log. */
    void bury(int partition, byte[] key) throws InterruptedException {
        send(new ProducerRecord<>(topic, partition, checked(key), null));
    }

    /** The same of the record that forgot a user, with which everything about that user ends. */
    void erase(int partition, byte[] key) throws InterruptedException {
        RecordHeaders headers = new RecordHeaders();
        headers.add(RecordKey.ERASED, new byte[0]);
        send(new ProducerRecord<>(topic, partition, null, checked(key), null, headers));
    }

    /** Writes a tombstone of nothing, so that the last segment of a partition in which nothing happens is closed by its age. */
    void nudge(int partition) throws InterruptedException {
        send(new ProducerRecord<>(topic, partition, keys.next(""), null));
    }

    private static byte[] checked(byte[] key) {
        if (!RecordKey.isUnique(key)) {
            throw new IllegalArgumentException(
                    "a tombstone under the bare id of a user would remove all the user's records");
        }
        return key;
    }

    private void send(ProducerRecord<byte[], byte @Nullable []> record) throws InterruptedException {
        try {
            outstanding.add(producer.send(record));
        } catch (KafkaException e) {
            throw unavailable(e);
        }
        if (outstanding.size() >= BATCH) {
            flush();
            TimeUnit.NANOSECONDS.sleep(batchNanos - (System.nanoTime() - batchBegun));
            batchBegun = System.nanoTime();
        }
    }

    /**
     * Returns when everything is written.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE} if any is not; all may be written again
     */
    void flush() throws InterruptedException {
        try {
            producer.flush();
            for (Future<RecordMetadata> one : outstanding) {
                one.get();
                written++;
            }
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        } finally {
            outstanding.clear();
        }
    }

    /** How many were written. */
    long written() {
        return written;
    }

    private static VeloxException unavailable(Exception e) {
        return new VeloxException(
                ErrorCode.LOG_UNAVAILABLE, "the log of observations did not take tombstones: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        producer.close();
    }
}
