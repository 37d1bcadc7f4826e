package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ObservationArchive;
import io.velox.serving.lifecycle.ArchiveCompactor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the archive of observations small: has it compacted when it consists of many small files, and deletes what compactions
 * replaced. Blocks; single writer.
 *
 * @param limit for the wait until a compaction is done
 */
record ArchiveUpkeep(ObservationArchive archive, ArchiveCompactor compactor, Duration limit, Clock clock)
        implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveUpkeep.class);

    /** For which replaced files stay at least: for readers that this node did not start. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    /** So many files of a day and partition that is over are left as they are: offsets of a day may lie apart. */
    private static final int FEW = 3;

    /** Of the day that goes on; more than are worth a file between. */
    private static final int MANY_TODAY = 150;

    @Override
    public void run() {
        try {
            tidy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("the archive is tidied later: {}", e.toString());
        }
    }

    /**
     * Deletes what was replaced, and merges small files if there are many.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    void tidy() throws InterruptedException {
        Instant before = clock.instant().minus(GRACE);
        Instant reading = compactor.readingSince().orElse(before);
        int deleted = archive.deleteSuperseded(reading.isBefore(before) ? reading : before);
        if (deleted > 0) {
            LOG.info("{} files of the archive that others have replaced are deleted", deleted);
        }
        if (hasManySmallFiles()) {
            compact(Optional.empty());
        }
    }

    private boolean hasManySmallFiles() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return archive.current().stream()
                .filter(file -> file.generation() == 0)
                .collect(Collectors.groupingBy(
                        file -> List.of(file.date(), file.epoch(), file.partition()), Collectors.toList()))
                .values()
                .stream()
                .anyMatch(files -> files.size() > few(files.get(0), today));
    }

    private static int few(ArchiveFile file, LocalDate today) {
        return file.date().isBefore(today) ? FEW : MANY_TODAY;
    }

    /**
     * Leaves out what was forgotten.
     *
     * @param settled below which the records that forget go too
     * @throws VeloxException {@code STORE_UNAVAILABLE} with the reason of a failure
     */
    void forget(LogCut settled) throws InterruptedException {
        compact(Optional.of(settled));
    }

    private void compact(Optional<LogCut> settled) throws InterruptedException {
        try {
            compactor.compact(settled, GRACE).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the archive was not compacted: " + String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new VeloxException(ErrorCode.STORE_UNAVAILABLE, "the archive was not compacted within " + limit, e);
        }
    }
}
