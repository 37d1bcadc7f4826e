package io.velox.retrain;

import io.velox.core.store.ArchiveFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Files of one day and partition whose ranges join without a gap, so that one file can stand in for all of them. Of the day that goes
 * on these are files of one generation only, so that no row is rewritten often.
 *
 * @param files at least one, in the order of their ranges
 */
record CompactionRun(List<ArchiveFile> files) {
    /** So many files of a day that goes on are worth a file between. */
    private static final int MANY = 100;

    private static final Comparator<ArchiveFile> ORDER = Comparator.comparing(ArchiveFile::date)
            .thenComparingInt(ArchiveFile::epoch)
            .thenComparingInt(ArchiveFile::partition)
            .thenComparingLong(ArchiveFile::first);

    CompactionRun {
        files = List.copyOf(files);
    }

    /** The runs of an archive: as few as there can be. */
    static List<CompactionRun> of(List<ArchiveFile> files, LocalDate today) {
        List<CompactionRun> runs = new ArrayList<>();
        List<ArchiveFile> run = new ArrayList<>();
        for (ArchiveFile file : files.stream().sorted(ORDER).toList()) {
            if (!run.isEmpty() && !joins(run, file, today)) {
                runs.add(new CompactionRun(run));
                run.clear();
            }
            run.add(file);
        }
        if (!run.isEmpty()) {
            runs.add(new CompactionRun(run));
        }
        return runs;
    }

    private static boolean joins(List<ArchiveFile> run, ArchiveFile next, LocalDate today) {
        ArchiveFile start = run.get(0);
        return start.date().equals(next.date())
                && start.epoch() == next.epoch()
                && start.partition() == next.partition()
                && (start.date().isBefore(today) || start.generation() == next.generation())
                && next.first() <= last(run) + 1;
    }

    private static long last(List<ArchiveFile> run) {
        return run.stream().mapToLong(ArchiveFile::last).max().orElseThrow();
    }

    /** Whether reading the archive becomes cheaper by it. */
    boolean isWorthMerging(LocalDate today) {
        return files.size() >= (files.get(0).date().isBefore(today) ? 2 : MANY);
    }

    /** The file that stands in for all of them. */
    ArchiveFile target() {
        ArchiveFile start = files.get(0);
        int generation = files.stream().mapToInt(ArchiveFile::generation).max().orElseThrow() + 1;
        return new ArchiveFile(start.date(), start.epoch(), start.partition(), start.first(), last(files), generation);
    }
}
