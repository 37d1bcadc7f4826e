package io.velox.job.log;

import io.velox.core.log.ItemUpdate;
import io.velox.core.log.ItemUpdateCodec;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes what is known of new items to its topic, by version and item. */
public record ItemUpdateEncoder(String topic) implements KafkaRecordSerializationSchema<ItemUpdate> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(ItemUpdate update, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(topic, ItemUpdateCodec.key(update), ItemUpdateCodec.value(update));
    }
}
