package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ObservationArchive;
import io.velox.serving.lifecycle.ArchiveCompactor;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Keeps the archive of observations small and forgetful: has it compacted when there is something to forget, or when days that are
 * over consist of many files; and deletes what compactions replaced. Blocks; single writer.
 *
 * @param grace for which replaced files stay, which is how long a training may read them; also the longest a compaction may take
 */
record ArchiveUpkeep(ObservationArchive archive, ArchiveCompactor compactor, Duration grace, Clock clock) {
    /** So many files of a day and partition that is over are left as they are: offsets of a day may lie apart. */
    private static final int FEW = 3;

    private static final int MANY_TODAY = 1_000;

    /**
     * Whether the archive needs a compaction.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    boolean hasManySmallFiles() {
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
     * Compacts the archive.
     *
     * @param settled below which the records that forget go too
     * @throws VeloxException {@code STORE_UNAVAILABLE} with the reason of a failure
     */
    void compact(LogCut settled) throws InterruptedException {
        try {
            // Behind a training at worst.
            compactor.compact(settled, grace).get(grace.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the archive was not compacted: " + String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the archive was not compacted within " + grace.multipliedBy(2), e);
        }
    }

    /** @throws VeloxException {@code STORE_UNAVAILABLE} */
    int deleteReplaced() {
        return archive.deleteSuperseded(clock.instant().minus(grace));
    }
}
