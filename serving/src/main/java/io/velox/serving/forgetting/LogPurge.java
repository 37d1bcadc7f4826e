package io.velox.serving.forgetting;

import io.velox.core.log.LogCut;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What forgetting does to the log, in two steps. {@link #find}, {@link #bury}: the records that a {@code forgotten} or
 * {@code withdrawn} record makes void get tombstones at once. {@link #settleable}, {@link #settle}: that record itself gets one when
 * it is old, as do records that rebased users, which mean nothing once their version is in the catalogue. In this order: as long as
 * something to be forgotten may be in the log, so is what forgets it, for a job that reads the log from its beginning. Blocks; single
 * writer.
 */
final class LogPurge {
    /** So many at a time; the rest in the next run. */
    private static final int MAX_MARKS = 200_000;

    private final LogScan scan;
    private final int epoch;

    LogPurge(LogScan scan, int epoch) {
        this.scan = scan;
        this.epoch = epoch;
    }

    /**
     * What a stretch of the log says is to be forgotten.
     *
     * @param forgotten users, with the record that forgets them
     * @param cut where the stretch ends
     */
    record Finding(Marks marks, Map<String, Revision> forgotten, LogCut cut) {}

    /** Searches the log from one cut to another. */
    Finding find(LogCut from, LogCut to) {
        Marks marks = new Marks(MAX_MARKS);
        Map<String, Revision> forgotten = new HashMap<>();
        LogCut cut = scan.read(from, to, record -> {
            Optional<UserRecord> content = LogRecords.removable(record);
            if (content.isPresent() && !marks.add(record, content.get())) {
                return false;
            }
            if (content.isPresent() && content.get() instanceof UserRecord.Forgotten) {
                forgotten.put(content.get().uid(), position(record));
            }
            return true;
        });
        return new Finding(marks, forgotten, cut);
    }

    /** Puts tombstones on everything up to a cut that the marks concern. */
    void bury(Marks marks, LogCut to, Tombstones tombstones) throws InterruptedException {
        List<Grave> graves = new ArrayList<>();
        LogCut from = new LogCut(to.epoch(), Map.of());
        boolean isWhole = false;
        while (!isWhole) {
            LogCut reached = scan.read(from, to, record -> {
                if (graves.size() >= MAX_MARKS) {
                    return false;
                }
                if (marks.remove(record)) {
                    graves.add(new Grave(record.partition(), record.key(), false));
                }
                return true;
            });
            dig(graves, tombstones);
            isWhole = reached.equals(to) || reached.equals(from);
            from = reached;
        }
    }

    /**
     * Old records that have done what they were for.
     *
     * @param forgotten users whom they forgot, with the record
     * @param cut where the stretch ends
     */
    record Settling(List<Grave> graves, Map<String, Revision> forgotten, LogCut cut) {}

    /** A record to be taken out; with {@code isErasure} everything about its user ends. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Grave(int partition, byte[] key, boolean isErasure) {}

    /** Looks for them from one cut to another, as far as records are older than {@code before}. */
    Settling settleable(LogCut from, LogCut to, Instant before) {
        List<Grave> graves = new ArrayList<>();
        Map<String, Revision> forgotten = new HashMap<>();
        LogCut cut = scan.read(from, to, record -> {
            if (record.timestamp() >= before.toEpochMilli() || graves.size() >= MAX_MARKS) {
                return false;
            }
            LogRecords.removable(record)
                    .filter(content -> !(content instanceof UserRecord.Observed))
                    .ifPresent(content -> {
                        boolean isForgotten = content instanceof UserRecord.Forgotten;
                        graves.add(new Grave(record.partition(), record.key(), isForgotten));
                        if (isForgotten) {
                            forgotten.put(content.uid(), position(record));
                        }
                    });
            return true;
        });
        return new Settling(graves, forgotten, cut);
    }

    void settle(Settling settling, Tombstones tombstones) throws InterruptedException {
        dig(new ArrayList<>(settling.graves()), tombstones);
    }

    private static void dig(List<Grave> graves, Tombstones tombstones) throws InterruptedException {
        for (Grave grave : graves) {
            if (grave.isErasure()) {
                tombstones.erase(grave.partition(), grave.key());
            } else {
                tombstones.bury(grave.partition(), grave.key());
            }
        }
        tombstones.flush();
        graves.clear();
    }

    private Revision position(ConsumerRecord<byte[], byte[]> record) {
        return new Revision(epoch, record.partition(), record.offset());
    }
}
