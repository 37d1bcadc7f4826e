package io.velox.job.archive;

import io.velox.core.store.ModelStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes hidden files that a crash has left: those older than {@link #AGE}, which nobody writes to and no checkpoint names. */
final class OrphanSweep {
    /** Longer than the longest interval between checkpoints, so that it cannot be the file of a job that still runs. */
    static final Duration AGE = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

    private OrphanSweep() {}

    /** Sweeps once; a store that refuses only leaves the orphans for the next start. */
    static void run(ModelStore store, String folder, Instant now) {
        FileSystem files = store.fileSystem();
        int deleted = 0;
        try {
            for (FileStatus date : files.listStatus(new Path(store.root(), folder))) {
                if (date.isDirectory()) {
                    for (FileStatus file : files.listStatus(date.getPath())) {
                        if (isOrphan(file, now) && files.delete(file.getPath(), false)) {
                            deleted++;
                        }
                    }
                }
            }
        } catch (FileNotFoundException e) {
            LOG.debug("There is no archive to sweep yet");
        } catch (IOException e) {
            LOG.warn("The archive's orphans stay for now: {}", e.toString());
        }
        if (deleted > 0) {
            LOG.info("Deleted {} unfinished archive files of earlier runs", deleted);
        }
    }

    private static boolean isOrphan(FileStatus file, Instant now) {
        return file.getPath().getName().startsWith(HiddenFile.PREFIX)
                && Instant.ofEpochMilli(file.getModificationTime()).plus(AGE).isBefore(now);
    }
}
