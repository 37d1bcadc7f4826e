package io.velox.serving.log;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One topic, and a consumer of it. Records go in before the consumer reads, or while it does. */
public final class FakeTopic {
    private final String name;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    /** @param existing how many records each partition held, and lost again, before */
    public FakeTopic(String name, int partitions, long existing) {
        this.name = name;
        consumer.updatePartitions(
                name,
                IntStream.range(0, partitions)
                        .mapToObj(p -> new PartitionInfo(name, p, Node.noNode(), new Node[0], new Node[0]))
                        .toList());
        IntStream.range(0, partitions).forEach(p -> ends.put(new TopicPartition(name, p), existing));
        consumer.updateBeginningOffsets(ends);
        consumer.updateEndOffsets(ends);
    }

    public Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    public String name() {
        return name;
    }

    /** Adds a record when the consumer polls next, so that it is assigned then. */
    public void add(int partition, String key, byte @Nullable [] value) {
        TopicPartition topicPartition = new TopicPartition(name, partition);
        long offset;
        synchronized (ends) {
            offset = ends.merge(topicPartition, 1L, Long::sum) - 1;
            consumer.updateEndOffsets(ends);
        }
        consumer.schedulePollTask(() -> consumer.addRecord(
                new ConsumerRecord<>(name, partition, offset, key.getBytes(StandardCharsets.UTF_8), value)));
    }

    /** Makes one poll fail. */
    public void failNextPoll(KafkaException e) {
        consumer.schedulePollTask(() -> consumer.setPollException(e));
    }

    /** Removes what a partition holds before an offset, and the offset the consumer stands at with it. */
    public void fail(int partition, long offset) {
        TopicPartition topicPartition = new TopicPartition(name, partition);
        failNextPoll(new org.apache.kafka.clients.consumer.OffsetOutOfRangeException(Map.of(topicPartition, offset)));
    }

    public boolean isConsumerClosed() {
        return consumer.closed();
    }
}
