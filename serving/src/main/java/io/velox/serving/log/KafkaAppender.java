package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a topic for callers that must not block. Safe for use from any thread.
 *
 * <p>A producer's {@code send} may block, on metadata or a full buffer, so a thread of its own calls it. At most
 * {@code maxOutstanding} records are on their way; beyond them a batch is refused with {@code OVERLOADED}. A batch that has waited
 * longer than {@code patience} before it could be sent is refused unsent with {@code LOG_UNAVAILABLE}. Futures complete on the
 * producer's thread.
 */
final class KafkaAppender implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Target target;
    private final int maxOutstanding;
    private final Duration patience;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final BlockingQueue<Batch> queue;
    private final Thread sender;
    private volatile boolean closed;

    /**
     * What is appended to, for messages and the thread's name.
     *
     * @param log such as {@code the log of observations (velox.observations)}
     * @param advice what to do when it did not take records
     */
    record Target(String thread, String log, String advice) {}

    /** Takes ownership of the producer. */
    KafkaAppender(Producer<byte[], byte[]> producer, Target target, int maxOutstanding, Duration patience) {
        this.producer = producer;
        this.target = target;
        this.maxOutstanding = maxOutstanding;
        this.patience = patience;
        this.queue = new LinkedBlockingQueue<>(maxOutstanding);
        this.sender = new Thread(this::sendAll, target.thread());
        sender.setDaemon(true);
        sender.start();
    }

    private record Batch(
            int count,
            IntFunction<ProducerRecord<byte[], byte[]>> records,
            long acceptedNanos,
            CompletableFuture<List<RecordMetadata>> written) {}

    /**
     * Appends records in their order. The future completes with their positions when all of them are in the topic, and fails with
     * {@code LOG_UNAVAILABLE} when any of them is not, or may not be.
     *
     * @param count at least 1
     * @param records gives each record, on the thread that sends it
     */
    CompletableFuture<List<RecordMetadata>> append(int count, IntFunction<ProducerRecord<byte[], byte[]>> records) {
        int before = outstanding.getAndAdd(count);
        // A batch larger than the bound itself is taken when it is alone.
        if (before > 0 && before + count > maxOutstanding) {
            outstanding.addAndGet(-count);
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, before + " records are on their way to the log; send fewer at a time"));
        }
        Batch batch = new Batch(count, records, System.nanoTime(), new CompletableFuture<>());
        CompletableFuture<List<RecordMetadata>> written =
                batch.written.whenComplete((positions, error) -> outstanding.addAndGet(-count));
        if (closed || !queue.offer(batch)) {
            batch.written.completeExceptionally(unavailable("it is closed", null));
        }
        return written;
    }

    private void sendAll() {
        while (!closed) {
            try {
                Batch batch = queue.poll(100, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    send(batch);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
        refuseQueued();
    }

    private void send(Batch batch) {
        if (System.nanoTime() - batch.acceptedNanos > patience.toNanos()) {
            batch.written.completeExceptionally(unavailable("it has not taken records for " + patience, null));
            return;
        }
        AtomicReferenceArray<RecordMetadata> positions = new AtomicReferenceArray<>(batch.count);
        AtomicInteger missing = new AtomicInteger(batch.count);
        try {
            for (int i = 0; i < batch.count && !batch.written.isDone(); i++) {
                int index = i;
                var unused = producer.send(batch.records.apply(i), (metadata, error) -> {
                    if (error != null) {
                        batch.written.completeExceptionally(unavailable(String.valueOf(error), error));
                        return;
                    }
                    positions.set(index, metadata);
                    if (missing.decrementAndGet() == 0) {
                        batch.written.complete(toList(positions));
                    }
                });
            }
        } catch (RuntimeException e) { // of any kind: the thread must live on, or every later batch would wait for ever
            batch.written.completeExceptionally(unavailable(e.toString(), e));
        }
    }

    private static List<RecordMetadata> toList(AtomicReferenceArray<RecordMetadata> positions) {
        List<RecordMetadata> list = new ArrayList<>(positions.length());
        for (int i = 0; i < positions.length(); i++) {
            list.add(positions.get(i));
        }
        return list;
    }

    private VeloxException unavailable(String why, @Nullable Exception cause) {
        String message = target.log + " did not take the records: " + why + "; " + target.advice;
        return cause == null
                ? new VeloxException(ErrorCode.LOG_UNAVAILABLE, message)
                : new VeloxException(ErrorCode.LOG_UNAVAILABLE, message, cause);
    }

    private void refuseQueued() {
        for (Batch batch = queue.poll(); batch != null; batch = queue.poll()) {
            batch.written.completeExceptionally(unavailable("it is closed", null));
        }
    }

    /** Refuses what is still queued, and waits a few seconds for what is being sent. */
    @Override
    public void close() {
        closed = true;
        try {
            sender.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_TIMEOUT);
        refuseQueued();
    }
}
