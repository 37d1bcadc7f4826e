package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The log of observations in Kafka.
 *
 * <p>A producer's {@code send} may block, on metadata or a full buffer, so a thread of its own calls it. At most
 * {@code maxOutstanding} records are on their way; beyond them a batch is refused with {@code OVERLOADED}. A batch that has waited
 * longer than {@code patience} before it could be sent is refused unsent with {@code LOG_UNAVAILABLE}. Futures complete on the
 * producer's thread.
 */
public final class KafkaObservationLog implements ObservationLog, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final UserPartitions partitions;
    private final RecordKey.Source keys = new RecordKey.Source();
    private final int maxOutstanding;
    private final Duration patience;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final BlockingQueue<Batch> queue;
    private final Thread sender;
    private volatile boolean closed;

    /** Takes ownership of the producer. */
    public KafkaObservationLog(
            Producer<byte[], byte[]> producer,
            String topic,
            UserPartitions partitions,
            int maxOutstanding,
            Duration patience) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        this.maxOutstanding = maxOutstanding;
        this.patience = patience;
        this.queue = new LinkedBlockingQueue<>(maxOutstanding);
        this.sender = new Thread(this::sendAll, "observation-log");
        sender.setDaemon(true);
        sender.start();
    }

    private record Batch(
            List<? extends UserRecord> records, long acceptedNanos, CompletableFuture<List<Revision>> written) {}

    @Override
    public CompletableFuture<List<Revision>> append(List<? extends UserRecord> records) {
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        int count = records.size();
        int before = outstanding.getAndAdd(count);
        // A batch larger than the bound itself is taken when it is alone.
        if (before > 0 && before + count > maxOutstanding) {
            outstanding.addAndGet(-count);
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.OVERLOADED, before + " records are on their way to the log; send fewer at a time"));
        }
        Batch batch = new Batch(List.copyOf(records), System.nanoTime(), new CompletableFuture<>());
        CompletableFuture<List<Revision>> written =
                batch.written.whenComplete((revisions, error) -> outstanding.addAndGet(-count));
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
        for (Batch batch = queue.poll(); batch != null; batch = queue.poll()) {
            batch.written.completeExceptionally(unavailable("it is closed", null));
        }
    }

    private void send(Batch batch) {
        if (System.nanoTime() - batch.acceptedNanos > patience.toNanos()) {
            batch.written.completeExceptionally(unavailable("it has not taken records for " + patience, null));
            return;
        }
        int count = batch.records.size();
        AtomicReferenceArray<Revision> positions = new AtomicReferenceArray<>(count);
        AtomicInteger missing = new AtomicInteger(count);
        try {
            for (int i = 0; i < count && !batch.written.isDone(); i++) {
                int index = i;
                UserRecord record = batch.records.get(i);
                int partition = partitions.of(record.uid());
                byte[] key = keys.next(record.uid());
                var unused = producer.send(
                        new ProducerRecord<>(topic, partition, key, RecordCodec.write(record)), (metadata, error) -> {
                            if (error != null) {
                                batch.written.completeExceptionally(unavailable(String.valueOf(error), error));
                                return;
                            }
                            positions.set(
                                    index, new Revision(partitions.epoch(), metadata.partition(), metadata.offset()));
                            if (missing.decrementAndGet() == 0) {
                                batch.written.complete(toList(positions));
                            }
                        });
            }
        } catch (RuntimeException e) { // of any kind: the thread must live on, or every later batch would wait for ever
            batch.written.completeExceptionally(unavailable(e.toString(), e));
        }
    }

    private static List<Revision> toList(AtomicReferenceArray<Revision> positions) {
        Revision[] revisions = new Revision[positions.length()];
        for (int i = 0; i < revisions.length; i++) {
            revisions[i] = positions.get(i);
        }
        return List.of(revisions);
    }

    private VeloxException unavailable(String why, @Nullable Exception cause) {
        String message = "the log of observations (" + topic + ") did not take the records: " + why
                + "; send them again, with the same ids";
        return cause == null
                ? new VeloxException(ErrorCode.LOG_UNAVAILABLE, message)
                : new VeloxException(ErrorCode.LOG_UNAVAILABLE, message, cause);
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
        for (Batch batch = queue.poll(); batch != null; batch = queue.poll()) {
            batch.written.completeExceptionally(unavailable("it is closed", null));
        }
    }
}
