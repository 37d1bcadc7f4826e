package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads stretches of the log of observations, with a consumer for each call. Blocks.
 *
 * @param consumers whose records are its to close
 */
record LogScan(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STALL = Duration.ofSeconds(30);

    /** Receives the records, those of a partition in their order. */
    @FunctionalInterface
    interface Visitor {
        /** One record, which may be a tombstone; false to read no further in its partition, the record itself not included. */
        boolean visit(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * Reads from one cut to another, in the partitions of the second.
     *
     * @return up to where each partition was visited
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    LogCut read(LogCut from, LogCut to, Visitor visitor) {
        Map<Integer, Long> reached = new HashMap<>(to.endOffsets());
        Set<TopicPartition> reading = new HashSet<>();
        to.endOffsets().forEach((partition, end) -> {
            if (begin(from, to, partition) < end) {
                reading.add(new TopicPartition(topic, partition));
            } else {
                reached.put(partition, begin(from, to, partition));
            }
        });
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(reading);
            reading.forEach(partition -> consumer.seek(partition, begin(from, to, partition.partition())));
            long lastProgress = System.nanoTime();
            while (!reading.isEmpty()) {
                var records = consumer.poll(POLL);
                for (TopicPartition partition : List.copyOf(reading)) {
                    long end = to.endOffsets().getOrDefault(partition.partition(), 0L);
                    boolean isStopped = visit(records.records(partition), end, visitor, reached);
                    if (isStopped || consumer.position(partition) >= end) {
                        reading.remove(partition);
                        consumer.pause(List.of(partition));
                    }
                }
                if (!records.isEmpty()) {
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > STALL.toNanos()) {
                    throw new VeloxException(
                            ErrorCode.LOG_UNAVAILABLE, "the log of observations gave no record for " + STALL);
                }
            }
        } catch (KafkaException e) {
            throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the log of observations cannot be read: " + e, e);
        }
        return new LogCut(to.epoch(), reached);
    }

    private static long begin(LogCut from, LogCut to, int partition) {
        return from.epoch() == to.epoch() ? from.endOffsets().getOrDefault(partition, 0L) : 0;
    }

    /** Whether the visitor wants no more of the partition. */
    private static boolean visit(
            List<ConsumerRecord<byte[], byte[]>> records, long end, Visitor visitor, Map<Integer, Long> reached) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= end) {
                return true;
            }
            if (!visitor.visit(record)) {
                reached.put(record.partition(), record.offset());
                return true;
            }
        }
        return false;
    }
}
