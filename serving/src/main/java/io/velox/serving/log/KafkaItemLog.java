package io.velox.serving.log;

import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.RecordCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The log of items in Kafka: a topic of one partition. Bounded as {@link KafkaObservationLog} is. */
public final class KafkaItemLog implements ItemLog, AutoCloseable {
    private final KafkaAppender appender;
    private final String topic;

    /** Takes ownership of the producer. */
    public KafkaItemLog(Producer<byte[], byte[]> producer, String topic, int maxOutstanding, Duration patience) {
        this.appender = new KafkaAppender(
                producer,
                new KafkaAppender.Target(
                        "item-log", "the log of items (" + topic + ")", "send them again, which does no harm"),
                maxOutstanding,
                patience);
        this.topic = topic;
    }

    @Override
    public CompletableFuture<List<Long>> append(List<ItemRecord> records) {
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        List<ItemRecord> batch = List.copyOf(records);
        return appender.append(batch.size(), i -> record(batch.get(i)))
                .thenApply(positions ->
                        positions.stream().map(RecordMetadata::offset).toList());
    }

    @Override
    public CompletableFuture<Long> remove(ItemKey item) {
        return appender.append(1, i -> new ProducerRecord<>(topic, item.bytes(), null))
                .thenApply(positions -> positions.get(0).offset());
    }

    private ProducerRecord<byte[], byte[]> record(ItemRecord record) {
        return new ProducerRecord<>(topic, record.key().bytes(), RecordCodec.write(record));
    }

    @Override
    public void close() {
        appender.close();
    }
}
