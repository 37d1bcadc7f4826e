package io.velox.job.catalogue;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.RecordCodec;
import io.velox.job.log.SerializerTypeInformation;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records of the catalogue topic. What cannot be read is logged and passed over: the job goes on with what it has. */
public final class CatalogueRecordDecoder implements KafkaRecordDeserializationSchema<CatalogueRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogueRecordDecoder.class);
    private static final long serialVersionUID = 1L;

    static Optional<CatalogueRecord> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new CatalogueRecord(record.offset(), RecordCodec.read(record.value(), CatalogueEntry.class)));
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "The record at offset {} of {} is no catalogue entry and is passed over: {}",
                    record.offset(),
                    record.topic(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<CatalogueRecord> out) {
        decode(record).ifPresent(out::collect);
    }

    @Override
    public TypeInformation<CatalogueRecord> getProducedType() {
        return SerializerTypeInformation.of(CatalogueRecord.class, CatalogueRecordSerializer.INSTANCE);
    }
}
