package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the catalogue, each entry in a transaction of its own under the one transactional id of all lifecycles: whoever begins last
 * is the only one whose writes count. Single writer; every method blocks, for seconds at most.
 */
public final class CatalogueWriter implements AutoCloseable {
    /** The transactional id that lifecycles share. */
    public static final String TRANSACTIONAL_ID = "velox-lifecycle";

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String topic;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean isFenced;

    /** @param producers of transactions under {@link #TRANSACTIONAL_ID} */
    public CatalogueWriter(Supplier<Producer<byte[], byte[]>> producers, String topic) {
        this.producers = producers;
        this.topic = topic;
    }

    /**
     * Takes the role over from whoever had it.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public void begin() {
        try {
            connected();
        } catch (KafkaException e) {
            throw failed("the catalogue cannot be written", e);
        }
    }

    /**
     * Writes one entry; when this fails, the entry may be in the catalogue or not, and writing it again is harmless.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}, also for ever after another node took the role over
     */
    public void write(CatalogueEntry entry) {
        byte[] key = entry.model().getBytes(StandardCharsets.UTF_8);
        try {
            Producer<byte[], byte[]> connected = connected();
            connected.beginTransaction();
            var sent = connected.send(new ProducerRecord<>(topic, key, RecordCodec.write(entry)));
            connected.commitTransaction();
            sent.get();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            isFenced = true;
            throw failed("another node has taken the lifecycle over; ask that one", e);
        } catch (KafkaException | ExecutionException e) {
            throw failed("the catalogue entry of " + entry.model() + " could not be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted while writing the catalogue entry of " + entry.model(), e);
        }
    }

    private Producer<byte[], byte[]> connected() {
        if (isFenced) {
            throw new KafkaException("another node has taken the lifecycle over; ask that one");
        }
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
            current.initTransactions();
        }
        return current;
    }

    /** Beginning anew settles whatever the failed transaction left, one way or the other. */
    private VeloxException failed(String message, Exception cause) {
        closeProducer(Duration.ZERO);
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, message + ": " + cause.getMessage(), cause);
    }

    private void closeProducer(Duration timeout) {
        Producer<byte[], byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(timeout);
        }
    }

    @Override
    public void close() {
        closeProducer(CLOSE_TIMEOUT);
    }
}
