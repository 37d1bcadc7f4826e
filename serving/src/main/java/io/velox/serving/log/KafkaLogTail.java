package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the log of observations in Kafka, with a consumer for each call. Safe for use from any thread. */
public final class KafkaLogTail implements LogTail {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STALL = Duration.ofSeconds(30);

    private final Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers;
    private final int epoch;
    private final List<TopicPartition> partitions;

    public KafkaLogTail(
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            String topic,
            UserPartitions partitions) {
        this.consumers = consumers;
        this.epoch = partitions.epoch();
        this.partitions = IntStream.range(0, partitions.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public LogCut end() {
        try (var consumer = consumers.get()) {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return new LogCut(epoch, ends);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void users(LogCut from, LogCut to, Consumer<String> uids) {
        Set<String> seen = new HashSet<>();
        try (var consumer = consumers.get()) {
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                long begin = from.epoch() == epoch ? from.endOffsets().getOrDefault(partition.partition(), 0L) : 0;
                consumer.seek(partition, begin);
            }
            long lastProgress = System.nanoTime();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < to.endOffsets().getOrDefault(p.partition(), 0L))) {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (to.includes(record.partition(), record.offset())) {
                        user(record).filter(seen::add).ifPresent(uids);
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
            throw unavailable(e);
        }
    }

    /**
     * The last record of each partition that holds any, by its user: one that the job skips says nothing, and is left out. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public Map<String, Revision> lastRecords() {
        Map<String, Revision> last = new HashMap<>();
        try (var consumer = consumers.get()) {
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            ends.entrySet().removeIf(end -> end.getValue() <= begins.getOrDefault(end.getKey(), 0L));
            consumer.assign(ends.keySet());
            ends.forEach((partition, end) -> consumer.seek(partition, end - 1));
            long begun = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    user(record)
                            .ifPresent(uid -> last.put(uid, new Revision(epoch, record.partition(), record.offset())));
                }
                if (System.nanoTime() - begun > STALL.toNanos()) {
                    throw new VeloxException(
                            ErrorCode.LOG_UNAVAILABLE, "the end of the log of observations was not read in " + STALL);
                }
            }
        } catch (KafkaException e) {
            throw unavailable(e);
        }
        return last;
    }

    /** Whose record it is; empty for one that the job skips, because nobody can decode it or its key is another than its user. */
    private static Optional<String> user(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        try {
            String uid = RecordCodec.read(record.value(), UserRecord.class).uid();
            return Optional.of(uid).filter(u -> u.equals(new String(record.key(), StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static VeloxException unavailable(KafkaException e) {
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the log of observations cannot be read: " + e, e);
    }
}
