package io.velox.job.log;

import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes health reports to their topic under the number of the subtask. */
public record HealthEncoder(String topic) implements KafkaRecordSerializationSchema<HealthRecord> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(HealthRecord report, KafkaSinkContext context, Long timestamp) {
        byte[] key = Integer.toString(report.subtask()).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, RecordCodec.write(report));
    }
}
