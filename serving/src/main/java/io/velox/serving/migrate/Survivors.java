package io.velox.serving.migrate;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a log the next one is made of: those from which the same users follow, and nothing that a user took back.
 *
 * <p>The log is read twice, each user's records in their order: first {@link #survey} takes each record, then {@link #judge}. Memory
 * grows with what was forgotten and withdrawn. Single writer.
 */
final class Survivors {
    private final Map<String, Long> forgottenAt = new HashMap<>();
    private final Map<UserItem, Long> withdrawnAt = new HashMap<>();
    private final Map<ByteBuffer, Long> removedAt = new HashMap<>();
    /** Client ids of withdrawn observations: the same id again is a repeat, which the old log's reader passed over. */
    private final Map<UserItem, Set<String>> spent = new HashMap<>();

    private record UserItem(String uid, Item item) {}

    void survey(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            if (record.key() != null && RecordKey.isUnique(record.key())) {
                removedAt.put(ByteBuffer.wrap(record.key()), record.offset());
            }
            return;
        }
        decoded(record).ifPresent(content -> {
            if (content instanceof UserRecord.Forgotten) {
                forgottenAt.put(content.uid(), record.offset());
            } else if (content instanceof UserRecord.Withdrawn withdrawn) {
                withdrawnAt.put(new UserItem(withdrawn.uid(), withdrawn.item()), record.offset());
            }
        });
    }

    Verdict judge(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || isRemoved(record)) {
            return Verdict.REMOVED;
        }
        Optional<UserRecord> decoded = decoded(record);
        if (decoded.isEmpty()) {
            return Verdict.UNREADABLE;
        }
        UserRecord content = decoded.get();
        if (isBefore(record, forgottenAt.get(content.uid()))) {
            return Verdict.FORGOTTEN;
        }
        if (content instanceof UserRecord.Rebased) {
            return Verdict.REBASED;
        }
        if (content instanceof UserRecord.Withdrawn) {
            return Verdict.WITHDRAWN;
        }
        return content instanceof UserRecord.Observed observed ? judge(observed, record) : Verdict.COPIED;
    }

    private Verdict judge(UserRecord.Observed observed, ConsumerRecord<byte[], byte[]> record) {
        UserItem pair = new UserItem(observed.uid(), observed.item());
        String id = observed.id();
        if (isBefore(record, withdrawnAt.get(pair))) {
            if (id != null) {
                spent.computeIfAbsent(pair, p -> new HashSet<>()).add(id);
            }
            return Verdict.WITHDRAWN;
        }
        return id != null && spent.getOrDefault(pair, Set.of()).contains(id) ? Verdict.WITHDRAWN : Verdict.COPIED;
    }

    private boolean isRemoved(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && isBefore(record, removedAt.get(ByteBuffer.wrap(record.key())));
    }

    /** All records of a user, or under a key, are in one partition, so that their offsets tell their order. */
    private static boolean isBefore(ConsumerRecord<byte[], byte[]> record, @Nullable Long offset) {
        return offset != null && record.offset() < offset;
    }

    /** Empty for a record that the job skips. */
    static Optional<UserRecord> decoded(ConsumerRecord<byte[], byte[]> record) {
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
}
