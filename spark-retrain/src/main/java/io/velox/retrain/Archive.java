package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archive of observations in a store. */
final class Archive {
    private static final Logger log = LoggerFactory.getLogger(Archive.class);
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Duration POLL = Duration.ofMillis(500);

    private final FileSystem files;
    private final Path root;

    Archive(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
    }

    /** Every file of the archive that is complete. */
    List<ArchiveFile> list() {
        try {
            List<ArchiveFile> found = new ArrayList<>();
            for (FileStatus folder : files.listStatus(new Path(root, ArchiveFile.FOLDER))) {
                if (DATE.matcher(folder.getPath().getName()).matches()) {
                    for (FileStatus file : files.listStatus(folder.getPath())) {
                        ArchiveFile.parse(
                                        folder.getPath().getName(),
                                        file.getPath().getName())
                                .ifPresent(found::add);
                    }
                }
            }
            return found;
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the archive in " + root + " cannot be read: " + e, e);
        }
    }

    Path path(ArchiveFile file) {
        return new Path(root, file.address());
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
