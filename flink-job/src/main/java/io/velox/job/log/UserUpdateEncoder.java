package io.velox.job.log;

import io.velox.core.log.UserUpdate;
import io.velox.core.log.UserUpdateCodec;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes updates to their topic under the user's id, which puts them into the partition that the user has in the log. */
public record UserUpdateEncoder(String topic) implements KafkaRecordSerializationSchema<UserUpdate> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(UserUpdate update, KafkaSinkContext context, Long timestamp) {
        byte[] key = update.model().uid().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, UserUpdateCodec.write(update));
    }
}
