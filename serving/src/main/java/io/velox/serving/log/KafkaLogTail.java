package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the log of observations in Kafka, with a consumer for each call. Safe for use from any thread. */
public final class KafkaLogTail implements LogTail {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final long FIRST_WINDOW = 1_000;
    private static final long WINDOW_GROWTH = 30;

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

    /**
     * Behind the last record that is there: offsets may be free after it, which no reader will ever pass.
     */
    @Override
    public LogCut end() {
        try (var consumer = consumers.get()) {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            last(consumer, record -> "any", record -> Optional.of(record.offset() + 1))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
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
                        liveUser(record).filter(seen::add).ifPresent(uids);
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
     * The last record of each partition that holds any, by its user: one that the job skips says nothing, and is passed over, as is one
     * with a tombstone, whose user the job may have erased. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public Map<String, Revision> lastRecords() {
        Map<String, Revision> last = new HashMap<>();
        try (var consumer = consumers.get()) {
            last(consumer, KafkaLogTail::key, this::appliedTo)
                    .values()
                    .forEach(found -> last.put(found.getKey(), found.getValue()));
        } catch (KafkaException e) {
            throw unavailable(e);
        }
        return last;
    }

    private static Object key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? record : ByteBuffer.wrap(record.key());
    }

    private Optional<Map.Entry<String, Revision>> appliedTo(ConsumerRecord<byte[], byte[]> record) {
        return user(record).map(uid -> Map.entry(uid, new Revision(epoch, record.partition(), record.offset())));
    }

    /**
     * What {@code what} gives for the last record of each partition, of those for which it gives something; of records that are the
     * same by {@code identity} only the later one counts. Searched in ever larger windows before the end.
     */
    private <T> Map<TopicPartition, T> last(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Function<ConsumerRecord<byte[], byte[]>, Object> identity,
            Function<ConsumerRecord<byte[], byte[]>, Optional<T>> what) {
        Map<TopicPartition, T> found = new HashMap<>();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        ends.entrySet().removeIf(end -> end.getValue() <= begins.getOrDefault(end.getKey(), 0L));
        long deadline = System.nanoTime() + STALL.toNanos();
        for (long window = FIRST_WINDOW; !ends.isEmpty(); window *= WINDOW_GROWTH) {
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                long begin = begins.getOrDefault(end.getKey(), 0L);
                starts.put(end.getKey(), Math.max(begin, end.getValue() - window));
            }
            Map<TopicPartition, Map<Object, T>> inWindow = read(consumer, starts, ends, identity, what, deadline);
            inWindow.forEach((partition, candidates) ->
                    candidates.values().stream().reduce((a, b) -> b).ifPresent(last -> found.put(partition, last)));
            ends.keySet()
                    .removeIf(partition -> found.containsKey(partition)
                            || Objects.equals(starts.get(partition), begins.get(partition)));
        }
        return found;
    }

    private static <T> Map<TopicPartition, Map<Object, T>> read(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Function<ConsumerRecord<byte[], byte[]>, Object> identity,
            Function<ConsumerRecord<byte[], byte[]>, Optional<T>> what,
            long deadline) {
        Map<TopicPartition, Map<Object, T>> candidates = new HashMap<>();
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    Map<Object, T> ofPartition = candidates.computeIfAbsent(partition, p -> new LinkedHashMap<>());
                    Object id = identity.apply(record);
                    ofPartition.remove(id); // so that what comes again comes last
                    what.apply(record).ifPresent(value -> ofPartition.put(id, value));
                }
            }
            if (System.nanoTime() > deadline) {
                throw new VeloxException(
                        ErrorCode.LOG_UNAVAILABLE, "the end of the log of observations was not read in " + STALL);
            }
        }
        return candidates;
    }

    /** Whose record it is; empty for one that the job skips, because nobody can decode it or its key is another than its user. */
    private static Optional<String> user(ConsumerRecord<byte[], byte[]> record) {
        return decode(record).map(UserRecord::uid);
    }

    /** The same, but only for a record that says that the user did something: a rebase does not. */
    private static Optional<String> liveUser(ConsumerRecord<byte[], byte[]> record) {
        return decode(record)
                .filter(r -> !(r instanceof UserRecord.Forgotten) && !(r instanceof UserRecord.Rebased))
                .map(UserRecord::uid);
    }

    private static Optional<UserRecord> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordCodec.read(record.value(), UserRecord.class))
                    .filter(content -> RecordKey.belongsTo(record.key(), content.uid()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static VeloxException unavailable(KafkaException e) {
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the log of observations cannot be read: " + e, e);
    }
}
