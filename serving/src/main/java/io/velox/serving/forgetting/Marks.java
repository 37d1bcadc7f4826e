package io.velox.serving.forgetting;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a stretch of the log says is to be forgotten, and which records that concerns. Bounded; single writer. */
final class Marks {
    private final int bound;
    private final Map<String, Mark> users = new HashMap<>();
    private int count;

    /** @param bound the most records that forget to be taken in */
    Marks(int bound) {
        this.bound = bound;
    }

    /** Of one user; the user's records are in one partition, so that offsets tell their order. */
    private static final class Mark {
        private long forgottenAt = -1;
        private final Map<Item, Long> withdrawnAt = new HashMap<>();
        private final Map<Item, Set<String>> spentIds = new HashMap<>();
    }

    /** Takes a record in; false when there is no room for it. */
    boolean add(ConsumerRecord<byte[], byte[]> record, UserRecord content) {
        if (count >= bound) {
            return false;
        }
        if (content instanceof UserRecord.Forgotten) {
            users.computeIfAbsent(content.uid(), uid -> new Mark()).forgottenAt = record.offset();
            count++;
        } else if (content instanceof UserRecord.Withdrawn withdrawn) {
            users.computeIfAbsent(content.uid(), uid -> new Mark()).withdrawnAt.put(withdrawn.item(), record.offset());
            count++;
        }
        return true;
    }

    boolean isEmpty() {
        return users.isEmpty();
    }

    /** How many records that forget were taken in. */
    int count() {
        return count;
    }

    /**
     * Whether the record is to go: one of before its user was forgotten, a withdrawn observation, or a retry of one. To be asked of a
     * user's records in their order, from the first.
     */
    boolean remove(ConsumerRecord<byte[], byte[]> record) {
        Optional<Mark> found = LogRecords.owner(record).map(users::get);
        if (found.isEmpty()) {
            return false;
        }
        Mark mark = found.get();
        if (record.offset() < mark.forgottenAt) {
            return true;
        }
        if (mark.withdrawnAt.isEmpty()
                || !(LogRecords.removable(record).orElse(null) instanceof UserRecord.Observed observed)) {
            return false;
        }
        if (record.offset() < mark.withdrawnAt.getOrDefault(observed.item(), -1L)) {
            if (observed.id() != null) {
                mark.spentIds
                        .computeIfAbsent(observed.item(), item -> new HashSet<>())
                        .add(observed.id());
            }
            return true;
        }
        return observed.id() != null
                && mark.spentIds.getOrDefault(observed.item(), Set.of()).contains(observed.id());
    }
}
