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
     * @param patience how long it may stand still on the way there
     * @return the files to read
     * @throws VeloxException {@code STORE_UNAVAILABLE}, naming the partition and the first offset that is missing when patience ends
     */
    List<ArchiveFile> awaitCut(LogCut cut, Duration patience) throws InterruptedException {
        long lastProgress = System.nanoTime();
        long covered = 0;
        boolean isAnnounced = false;
        while (true) {
            List<ArchiveFile> present = list();
            Optional<CutCoverage.Gap> gap = CutCoverage.firstGap(present, cut);
            if (gap.isEmpty()) {
                return CutCoverage.overlapping(present, cut);
            }
            long now = CutCoverage.covered(present, cut);
            if (now > covered) {
                covered = now;
                lastProgress = System.nanoTime();
            }
            if (System.nanoTime() - lastProgress >= patience.toNanos()) {
                throw new VeloxException(
                        ErrorCode.STORE_UNAVAILABLE,
                        "the archive in " + root + " does not reach the cut " + cut + " and has not grown for "
                                + patience.toSeconds() + " s: " + gap.get()
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
