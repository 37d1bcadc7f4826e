package io.velox.retrain;

import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Whether the files of an archive, by their names, hold everything below a cut. */
final class CutCoverage {
    private CutCoverage() {}

    /** The first record that a partition's files lack, with where the cut ends there. */
    record Gap(int partition, long offset, long end) {
        @Override
        public String toString() {
            return "partition " + partition + " lacks offset " + offset + " of the " + end + " records below the cut";
        }
    }

    /** The first gap, by partition; empty when the cut is covered. */
    static Optional<Gap> firstGap(List<ArchiveFile> files, LogCut cut) {
        for (var entry : new TreeMap<>(cut.endOffsets()).entrySet()) {
            long reached = reached(files, cut.epoch(), entry.getKey());
            if (reached < entry.getValue()) {
                return Optional.of(new Gap(entry.getKey(), reached, entry.getValue()));
            }
        }
        return Optional.empty();
    }

    /** How many records below the cut there are, up to the first gap of each partition. */
    static long covered(List<ArchiveFile> files, LogCut cut) {
        return cut.endOffsets().entrySet().stream()
                .mapToLong(end -> Math.min(end.getValue(), reached(files, cut.epoch(), end.getKey())))
                .sum();
    }

    /** The files that hold records below the cut; epochs before the cut's are another log and count for nothing. */
    static List<ArchiveFile> overlapping(List<ArchiveFile> files, LogCut cut) {
        return files.stream()
                .filter(file -> file.epoch() == cut.epoch() && cut.includes(file.partition(), file.first()))
                .sorted(Comparator.comparing(ArchiveFile::address))
                .toList();
    }

    /** The end of the unbroken run of offsets that begins at 0. */
    private static long reached(List<ArchiveFile> files, int epoch, int partition) {
        List<ArchiveFile> run = files.stream()
                .filter(file -> file.epoch() == epoch && file.partition() == partition)
                .sorted(Comparator.comparingLong(ArchiveFile::first))
                .toList();
        long reached = 0;
        for (ArchiveFile file : run) {
            if (file.first() > reached) {
                break;
            }
            reached = Math.max(reached, file.last() + 1);
        }
        return reached;
    }
}
