package io.velox.serving.forgetting;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of the log as the purge sees them. */
final class LogRecords {
    private LogRecords() {}

    /** What the record says, if it can be taken out of the log alone; empty too for a tombstone and for what nobody can decode. */
    static Optional<UserRecord> removable(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null || !RecordKey.isUnique(record.key())) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordCodec.read(record.value(), UserRecord.class));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Whose record it is, by its key; empty for a tombstone, and for a record that cannot be taken out alone. */
    static Optional<String> owner(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || record.value() == null ? Optional.empty() : RecordKey.uid(record.key());
    }
}
