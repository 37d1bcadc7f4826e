package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rewriting of the archive. Each run of files becomes one under a new name, which from then on stands in for them; they are
 * deleted by a later compaction, after a grace. So whoever lists the archive at any moment, also after a crash, finds each row once.
 */
final class Compaction {
    private static final Logger log = LoggerFactory.getLogger(Compaction.class);

    /** What was forgotten, then the records that said so. */
    private static final int PASSES = 2;

    private final SparkSession spark;
    private final ModelStore store;
    private final ObservationArchive archive;
    private final CompactArguments arguments;
    private final Clock clock;

    Compaction(SparkSession spark, ModelStore store, CompactArguments arguments, Clock clock) {
        this.spark = spark;
        this.store = store;
        this.archive = new ObservationArchive(store);
        this.arguments = arguments;
        this.clock = clock;
    }

    /**
     * Rewrites what is worth it.
     *
     * @return how many files were written
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    int run() throws IOException {
        int deleted = archive.deleteSuperseded(clock.instant().minus(arguments.grace()));
        int written = 0;
        boolean isDone = false;
        for (int pass = 0; pass < PASSES && !isDone; pass++) {
            List<ArchiveFile> files = archive.current();
            if (files.isEmpty()) {
                break;
            }
            List<String> paths =
                    files.stream().map(file -> archive.path(file).toString()).toList();
            try (Removals removals = removals(paths)) {
                written += rewrite(files, removals);
                isDone = !removals.areVictims();
            }
        }
        log.info("archive: {} files written, {} replaced ones deleted", written, deleted);
        return written;
    }

    private Removals removals(List<String> paths) {
        return arguments
                .settled()
                .map(settled -> Removals.find(spark, paths, settled))
                .orElseGet(() -> Removals.none(spark));
    }

    private int rewrite(List<ArchiveFile> files, Removals removals) throws IOException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        int written = 0;
        for (CompactionRun run : CompactionRun.of(files, today)) {
            boolean holdsRemovals =
                    run.files().stream().anyMatch(file -> removals.files().contains(name(file)));
            if (holdsRemovals || run.isWorthMerging(today)) {
                rewrite(run, removals);
                written++;
            }
        }
        return written;
    }

    private void rewrite(CompactionRun run, Removals removals) throws IOException {
        ArchiveFile target = run.target();
        Path path = archive.path(target);
        ArchiveFileWriter writer = new ArchiveFileWriter(
                arguments.store(),
                arguments.hadoop(),
                ArchiveFile.FOLDER + "/" + target.date(),
                removals.files().isEmpty() ? new long[0] : removals.offsets(run));
        List<String> sources =
                run.files().stream().map(file -> archive.path(file).toString()).toList();
        Dataset<Row> rows = ArchiveRows.read(spark, sources)
                .select("epoch", "partition", "offset", "type", "uid", "item", "label", "timestamp", "id", "impression")
                .repartition(1)
                .sortWithinPartitions("offset");
        List<String> hidden = rows.toJavaRDD()
                .mapPartitions(some -> List.of(writer.write(some)).iterator())
                .collect();
        Iterator<String> written = hidden.iterator();
        String name = written.hasNext()
                ? written.next()
                : writer.write(List.<Row>of().iterator()); // all rows are gone, and the range must stay covered
        publish(new Path(path.getParent(), name), path);
        log.info("archive: {} files became {}", run.files().size(), target.address());
    }

    private void publish(Path hidden, Path path) throws IOException {
        FileSystem files = store.fileSystem();
        if (files.exists(path) || !files.rename(hidden, path)) {
            files.delete(hidden, false);
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE,
                    path + " exists already: another compaction runs; let it end, and start this one again");
        }
    }

    private static String name(ArchiveFile file) {
        return file.address().substring(ArchiveFile.FOLDER.length() + 1);
    }
}
