package io.velox.job.log;

import io.velox.core.error.Whereabouts;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of the observations topic. It never fails: bytes that are no valid {@link UserRecord} become an undecodable record, and
 * a tombstone becomes one too, so that their offsets still count as read. What is said of one names no content, which is a user's.
 */
public final class LogRecordDecoder implements KafkaRecordDeserializationSchema<LogRecord> {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PROBLEM = 300;

    private final int epoch;

    /** {@code epoch} is the topic's, which becomes part of every position. */
    public LogRecordDecoder(int epoch) {
        this.epoch = epoch;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<LogRecord> out) {
        out.collect(decode(record));
    }

    LogRecord decode(ConsumerRecord<byte[], byte[]> record) {
        Revision position = new Revision(epoch, record.partition(), record.offset());
        try {
            if (record.value() == null && record.key() != null) {
                return tombstone(position, record);
            }
            return LogRecord.of(position, record.timestamp(), content(record.key(), record.value()));
        } catch (IOException | RuntimeException e) {
            String problem = Whereabouts.of(e);
            return LogRecord.undecodable(
                    position,
                    record.timestamp(),
                    problem.length() <= LONGEST_PROBLEM ? problem : problem.substring(0, LONGEST_PROBLEM));
        }
    }

    private static LogRecord tombstone(Revision position, ConsumerRecord<byte[], byte[]> record) {
        boolean isErasure = record.headers().lastHeader(RecordKey.ERASED) != null;
        return RecordKey.uid(record.key())
                .filter(uid -> isErasure && !uid.isEmpty())
                .map(uid -> LogRecord.of(position, record.timestamp(), new UserRecord.Erased(uid)))
                .orElseGet(() -> LogRecord.tombstone(position, record.timestamp()));
    }

    private static UserRecord content(byte @Nullable [] key, byte @Nullable [] value) throws IOException {
        if (key == null || value == null) {
            throw new IOException("the record has no key or no value");
        }
        UserRecord content = RecordCodec.read(value, UserRecord.class);
        if (content instanceof UserRecord.Observed observed) {
            Objects.requireNonNull(observed.item(), "item is missing");
            observed.observation(); // which refuses labels and ids that no observation may have
        } else if (content instanceof UserRecord.Withdrawn withdrawn) {
            Objects.requireNonNull(withdrawn.item(), "item is missing");
        } else if (content instanceof UserRecord.Rebased rebased) {
            Objects.requireNonNull(rebased.manifest(), "manifest is missing");
            rebased.modelVersion(); // which refuses names and numbers that no version may have
        }
        if (!RecordKey.belongsTo(key, content.uid())) {
            throw new IOException(
                    "the key is another user's, so that the user's records may lie in several partitions");
        }
        return content;
    }

    @Override
    public TypeInformation<LogRecord> getProducedType() {
        return SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE);
    }
}
