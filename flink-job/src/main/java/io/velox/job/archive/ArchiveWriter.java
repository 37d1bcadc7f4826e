package io.velox.job.archive;

import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
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
 * goes forward, so that its files cover ranges of offsets that do not overlap. Single writer.
 */
final class ArchiveWriter implements CommittingSinkWriter<LogRecord, ArchiveCommittable> {
    private final ModelStore store;
    private final Clock clock;
    private final Map<Integer, HiddenFile> open = new HashMap<>();
    private final List<ArchiveCommittable> closed = new ArrayList<>();
    private boolean sweeps;

    /**
     * Opens the writer, which closes {@code store} in the end.
     *
     * @param sweeps whether this is the subtask that deletes what crashes have left
     */
    ArchiveWriter(ModelStore store, boolean sweeps, Clock clock) {
        this.store = store;
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
            closed.add(file.close());
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
            closed.add(file.close());
        }
        open.clear();
        if (sweeps) {
            // Not earlier: now every subtask runs, so that what a restored checkpoint still wanted renamed is renamed.
            sweeps = false;
            OrphanSweep.run(store, ArchiveFile.FOLDER, clock.instant());
        }
        List<ArchiveCommittable> committables = List.copyOf(closed);
        closed.clear();
        return committables;
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
