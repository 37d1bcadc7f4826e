package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the catalogue for as long as this node has the role, each entry in a transaction of its own under the one transactional id of
 * all lifecycles: whoever begins last is the only one whose writes count.
 *
 * <p>It begins once. A write that fails was not made, or the writer {@link #isOver} with it: because another began, or because what
 * became of the write could not be learnt from the brokers in time. Beginning anew by itself could take the role from a node that has it
 * by right, and writing on could undo what did count; whoever gains the role next begins another and reads the catalogue first.
 *
 * <p>Single writer, but for {@link #isOver} and {@link #close}; every method blocks, for half a minute at most.
 */
public final class CatalogueWriter implements AutoCloseable {
    /** For what became of a write; longer than the coordinator lets a transaction stand open. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final LongSupplier nanoTime;
    private volatile boolean isOver;

    private CatalogueWriter(Producer<byte[], byte[]> producer, String topic, LongSupplier nanoTime) {
        this.producer = producer;
        this.topic = topic;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes the writing over from whoever had it; what that one had not finished counts or not from now on.
     *
     * @param producers of transactions under the id that all lifecycles share
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public static CatalogueWriter begin(
            Supplier<Producer<byte[], byte[]>> producers, String topic, LongSupplier nanoTime) {
        Producer<byte[], byte[]> producer = producers.get();
        try {
            producer.initTransactions();
            return new CatalogueWriter(producer, topic, nanoTime);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE, "the catalogue cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Writes one entry.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE} if it was not written; {@code NOT_THE_LIFECYCLE} if the writer is over, and then
     *     the entry may be in the catalogue or not
     */
    public void write(CatalogueEntry entry) {
        if (isOver) {
            throw over("this node no longer writes the catalogue", null);
        }
        byte[] key = entry.model().getBytes(StandardCharsets.UTF_8);
        try {
            producer.beginTransaction();
            var unused = producer.send(new ProducerRecord<>(topic, key, RecordCodec.write(entry)));
            settle(producer::commitTransaction);
        } catch (KafkaException e) {
            if (isOver || isFinal(e)) {
                throw over("the catalogue entry of " + entry.model() + " may not have been written", e);
            }
            abort(e);
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE,
                    "the catalogue entry of " + entry.model() + " could not be written: " + e.getMessage(),
                    e);
        }
    }

    private void abort(KafkaException cause) {
        try {
            settle(producer::abortTransaction);
        } catch (KafkaException e) {
            e.addSuppressed(cause);
            throw over("a write to the catalogue could not be taken back", e);
        }
    }

    /** Asks for the end of the transaction until the brokers have said what became of it. */
    private void settle(Runnable end) {
        long deadline = nanoTime.getAsLong() + PATIENCE.toNanos();
        while (true) {
            try {
                end.run();
                return;
            } catch (TimeoutException e) {
                if (nanoTime.getAsLong() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    /** After which the producer is of no more use, or nobody knows what became of the transaction. */
    private static boolean isFinal(KafkaException e) {
        return e instanceof TimeoutException
                || e instanceof InterruptException
                || e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof OutOfOrderSequenceException
                || e instanceof AuthorizationException
                || e instanceof UnsupportedVersionException;
    }

    private VeloxException over(String message, @Nullable KafkaException cause) {
        isOver = true;
        boolean isFenced = cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException;
        String reason = isFenced ? "another node has taken the lifecycle over" : message;
        return cause == null
                ? new VeloxException(ErrorCode.NOT_THE_LIFECYCLE, reason + "; retry in a moment")
                : new VeloxException(
                        ErrorCode.NOT_THE_LIFECYCLE,
                        reason + "; retry in a moment (" + cause.getMessage() + ")",
                        cause);
    }

    /** Whether no write can succeed any more. */
    public boolean isOver() {
        return isOver;
    }

    @Override
    public void close() {
        isOver = true;
        producer.close(CLOSE_TIMEOUT);
    }
}
