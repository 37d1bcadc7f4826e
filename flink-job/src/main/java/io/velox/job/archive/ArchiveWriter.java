package io.velox.job.archive;

import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import io.velox.core.user.Revision;
import io.velox.job.log.LogRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Writes each partition's records to a hidden file per arrival date and checkpoint. Within a checkpoint the date of a partition only
 * goes forward, so that its files cover ranges of offsets that do not overlap.
 *
 * <p>A compacted log skips offsets. A file covers those before its first record too, down to the file before it: in a row of files of
 * one partition nothing is missing. Single writer.
 */
final class ArchiveWriter implements CommittingSinkWriter<LogRecord, ArchiveCommittable> {
    private final ModelStore store;
    private final Clock clock;
    private final ObservationArchive archive;
    private final boolean isRestored;
    private final Map<Integer, HiddenFile> open = new HashMap<>();
    private final List<HiddenFile> closed = new ArrayList<>();
    private final Map<Integer, Revision> ends = new HashMap<>();
    private boolean sweeps;

    /**
     * Opens the writer, which closes {@code store} in the end.
     *
     * @param isRestored whether the job goes on from a checkpoint, and not from the beginning of the log
     * @param sweeps whether this is the subtask that deletes what crashes have left
     */
    ArchiveWriter(ModelStore store, boolean isRestored, boolean sweeps, Clock clock) {
        this.store = store;
        this.archive = new ObservationArchive(store);
        this.isRestored = isRestored;
        this.sweeps = sweeps;
        this.clock = clock;
    }

    @Override
    public void write(LogRecord record, Context context) throws IOException {
        int partition = record.position().partition();
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(record.timestamp()), ZoneOffset.UTC);
        HiddenFile file = open.get(partition);
        if (file != null
                && (date.isAfter(file.date())
                        || record.position().epoch() != file.first().epoch())) {
            file.close();
            closed.add(file);
            file = null;
        }
        if (file == null) {
            file = HiddenFile.create(store, date, record.position());
            open.put(partition, file);
        }
        file.write(record);
    }

    @Override
    public void flush(boolean endOfInput) {
        // a file becomes durable when it is closed, in prepareCommit
    }

    @Override
    public Collection<ArchiveCommittable> prepareCommit() throws IOException {
        for (HiddenFile file : open.values()) {
            file.close();
            closed.add(file);
        }
        open.clear();
        if (sweeps) {
            // Not earlier: now every subtask runs, so that what a restored checkpoint still wanted renamed is renamed.
            sweeps = false;
            OrphanSweep.run(store, ArchiveFile.FOLDER, clock.instant());
        }
        List<ArchiveCommittable> committables = new ArrayList<>();
        for (HiddenFile file : closed) {
            committables.add(file.committable(from(file)));
            Revision first = file.first();
            ends.put(first.partition(), new Revision(first.epoch(), first.partition(), file.end()));
        }
        closed.clear();
        return committables;
    }

    /** Where the file's range begins. Not asked earlier than in a checkpoint, for the same reason as above. */
    private long from(HiddenFile file) throws IOException {
        Revision first = file.first();
        Revision end = ends.get(first.partition());
        if (end != null && end.epoch() == first.epoch()) {
            return Math.min(end.offset(), first.offset());
        }
        if (!isRestored) {
            return 0;
        }
        return archive.endBefore(file.date(), first.epoch(), first.partition(), first.offset())
                .orElse(first.offset());
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (HiddenFile file : open.values()) {
            try {
                file.abandon();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        store.fileSystem().close();
        if (failure != null) {
            throw failure;
        }
    }
}
