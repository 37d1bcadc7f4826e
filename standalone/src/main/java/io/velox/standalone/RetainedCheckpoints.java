package io.velox.standalone;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints that jobs left in the store, under {@code <checkpoints>/<job id>}.
 *
 * <p>A job that starts from one of them writes all of its own first checkpoint anew (Flink's {@code NO_CLAIM}), so that from then on
 * the folders of earlier jobs serve only as a reserve.
 */
final class RetainedCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
    private static final Pattern JOB = Pattern.compile("[0-9a-f]{32}");
    private static final int JOBS_IN_RESERVE = 2;

    private final Path root;
    private final Duration reserveAge;
    private final Clock clock;

    /** @param reserveAge at which a reserve is deleted: it still has what was forgotten since */
    RetainedCheckpoints(Path root, Duration reserveAge, Clock clock) {
        this.root = root;
        this.reserveAge = reserveAge;
        this.clock = clock;
    }

    /** The checkpoints that are whole, the newest first; of each damaged one a log line says what is wrong with it. */
    List<RetainedCheckpoint> whole() throws IOException {
        List<RetainedCheckpoint> whole = new ArrayList<>();
        for (RetainedCheckpoint checkpoint : RetainedCheckpoint.list(root)) {
            try {
                checkpoint.verify();
                whole.add(checkpoint);
            } catch (IOException e) {
                LOG.warn("Checkpoint {} is damaged and skipped: {}", checkpoint, e.getMessage());
            }
        }
        return whole;
    }

    /**
     * Deletes what earlier jobs left, but for the newest of them as long as they are young; to be called once {@code current} has a
     * checkpoint of its own, and again now and then.
     */
    void deleteOlderThan(JobID current) throws IOException {
        Set<String> kept = new LinkedHashSet<>();
        long oldest = clock.millis() - reserveAge.toMillis();
        for (RetainedCheckpoint checkpoint : RetainedCheckpoint.list(root)) {
            if (kept.size() <= JOBS_IN_RESERVE && checkpoint.modifiedMs() >= oldest) {
                kept.add(checkpoint.job().getName());
            }
        }
        kept.add(current.toHexString());
        for (FileStatus folder : root.getFileSystem().listStatus(root)) {
            String name = folder.getPath().getName();
            if (JOB.matcher(name).matches() && !kept.contains(name)) {
                root.getFileSystem().delete(folder.getPath(), true);
                LOG.info("Deleted the checkpoints of the earlier job {}", name);
            }
        }
    }
}
