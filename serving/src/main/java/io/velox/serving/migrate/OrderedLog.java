package io.velox.serving.migrate;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic read from its beginning to a cut, all partitions at once: each in its own order, and of their heads the one that arrived first.
 * So whatever is made of it in this order keeps users' records in theirs, and arrival times that do not go back.
 */
final class OrderedLog {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STALL = Duration.ofSeconds(30);
    /** Records of one partition that wait for the other partitions'. */
    private static final int MAX_WAITING = 5_000;

    private static final Comparator<Source> BY_ARRIVAL = Comparator.comparingLong(
                    (Source source) -> source.waiting.element().timestamp())
            .thenComparingInt(source -> source.partition.partition());

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;
    private final LogCut cut;

    /** @param consumers each is closed after one reading */
    OrderedLog(Supplier<Consumer<byte[], byte[]>> consumers, String topic, LogCut cut) {
        this.consumers = consumers;
        this.topic = topic;
        this.cut = cut;
    }

    private record Source(TopicPartition partition, long end, Deque<ConsumerRecord<byte[], byte[]>> waiting) {}

    /**
     * Gives every record below the cut. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    void forEach(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<TopicPartition, Source> sources = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
        cut.endOffsets().forEach((number, end) -> {
            TopicPartition partition = new TopicPartition(topic, number);
            sources.put(partition, new Source(partition, end, new ArrayDeque<>()));
        });
        PriorityQueue<Source> ready = new PriorityQueue<>(BY_ARRIVAL);
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(sources.keySet());
            consumer.seekToBeginning(sources.keySet());
            for (Source source : sources.values()) {
                enter(source, consumer, sources, ready);
            }
            for (Source first = ready.poll(); first != null; first = ready.poll()) {
                reader.accept(first.waiting.remove());
                enter(first, consumer, sources, ready);
            }
        } catch (KafkaException e) {
            throw unavailable("cannot be read: " + e, e);
        }
    }

    /** Makes a source ready, once it has a record; one that is read to its end is left out. */
    private void enter(
            Source source,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Source> sources,
            PriorityQueue<Source> ready) {
        long lastProgress = System.nanoTime();
        while (source.waiting.isEmpty() && consumer.position(source.partition) < source.end) {
            List<TopicPartition> full = sources.values().stream()
                    .filter(other -> other.waiting.size() > MAX_WAITING)
                    .map(Source::partition)
                    .toList();
            consumer.resume(consumer.paused());
            consumer.pause(full);
            var records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (cut.includes(record.partition(), record.offset())) {
                    var unused = sources.computeIfPresent(
                            new TopicPartition(topic, record.partition()), (partition, target) -> {
                                target.waiting.add(record);
                                return target;
                            });
                }
            }
            if (!records.isEmpty()) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > STALL.toNanos()) {
                throw unavailable("gave no record of " + source.partition + " for " + STALL, null);
            }
        }
        if (!source.waiting.isEmpty()) {
            ready.add(source);
        }
    }

    private VeloxException unavailable(String what, @Nullable Exception cause) {
        String message = "topic " + topic + " " + what;
        return cause == null
                ? new VeloxException(ErrorCode.LOG_UNAVAILABLE, message)
                : new VeloxException(ErrorCode.LOG_UNAVAILABLE, message, cause);
    }
}
