package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ObservationArchive;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archive of observations in a store. */
final class Archive {
    private static final Logger log = LoggerFactory.getLogger(Archive.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final ObservationArchive archive;
    private final Path root;

    Archive(FileSystem files, Path root) {
        this.archive = new ObservationArchive(files, root);
        this.root = root;
    }

    /** The files that hold the archive now. */
    List<ArchiveFile> list() {
        return archive.current();
    }

    Path path(ArchiveFile file) {
        return archive.path(file);
    }

    /**
     * Waits until the archive holds every record below the cut.
     *
     * @return the files to read
     * @throws VeloxException {@code STORE_UNAVAILABLE}, naming the partition and the first offset that is missing at the deadline
     */
    List<ArchiveFile> awaitCut(LogCut cut, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean isAnnounced = false;
        while (true) {
            List<ArchiveFile> present = list();
            Optional<CutCoverage.Gap> gap = CutCoverage.firstGap(present, cut);
            if (gap.isEmpty()) {
                return CutCoverage.overlapping(present, cut);
            }
            if (System.nanoTime() >= deadline) {
                throw new VeloxException(
                        ErrorCode.STORE_UNAVAILABLE,
                        "the archive in " + root + " does not reach the cut " + cut + " after " + patience.toSeconds()
                                + " s: " + gap.get()
                                + "; check that the Flink job runs and completes checkpoints, or raise --archive-wait-seconds");
            }
            if (!isAnnounced) {
                log.info("archive: waiting for the cut {}: {}", cut, gap.get());
                isAnnounced = true;
            }
            Thread.sleep(POLL.toMillis());
        }
    }
}
