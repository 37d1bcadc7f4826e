package io.velox.job.archive;

import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.user.Revision;
import io.velox.job.log.LogRecord;
import java.io.IOException;
import java.time.LocalDate;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/** One file of the archive while it is written: its name begins with {@link #PREFIX}, which readers pass over. Single writer. */
final class HiddenFile {
    static final String PREFIX = ".writing-";

    private final FileSystem files;
    private final Path path;
    private final String address;
    private final LocalDate date;
    private final Revision first;
    private final ParquetWriter<LogRecord> rows;
    private long last;

    private HiddenFile(
            ModelStore store, String address, LocalDate date, Revision first, ParquetWriter<LogRecord> rows) {
        this.files = store.fileSystem();
        this.path = new Path(store.root(), address);
        this.address = address;
        this.date = date;
        this.first = first;
        this.last = first.offset();
        this.rows = rows;
    }

    /** Creates the file that begins with the record at {@code first}. */
    static HiddenFile create(ModelStore store, LocalDate date, Revision first) throws IOException {
        String name = "%s%d-%d-%018d-%s"
                .formatted(PREFIX, first.epoch(), first.partition(), first.offset(), UUID.randomUUID());
        String address = ArchiveFile.FOLDER + "/" + date + "/" + name;
        ParquetWriter<LogRecord> rows = ArchiveParquet.writer(store.fileSystem(), new Path(store.root(), address));
        return new HiddenFile(store, address, date, first, rows);
    }

    LocalDate date() {
        return date;
    }

    Revision first() {
        return first;
    }

    /** Adds a record: as a row, if it is of a kind that the archive keeps; as covered in any case. */
    void write(LogRecord record) throws IOException {
        if (ArchiveParquet.keeps(record)) {
            rows.write(record);
        }
        last = Math.max(last, record.position().offset());
    }

    /** Makes the content durable under the hidden name. */
    void close() throws IOException {
        rows.close();
    }

    /** The offset after the last record. */
    long end() {
        return last + 1;
    }

    /** What it is to become, once it is closed: a file that covers everything {@code from} an offset up to its last record. */
    ArchiveCommittable committable(long from) {
        ArchiveFile file = new ArchiveFile(date, first.epoch(), first.partition(), from, last);
        return new ArchiveCommittable(address, file);
    }

    /** Gives the file up: what is in it will be read from the log again. */
    void abandon() throws IOException {
        try {
            rows.close();
        } finally {
            files.delete(path, false);
        }
    }
}
