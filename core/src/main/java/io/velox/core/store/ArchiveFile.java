package io.velox.core.store;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One file of the archive of observations, under {@code observations/<arrival date>/}: what happened to users in one partition of the
 * log, from one offset to another, both included. Records that are not archived (rebasing) count as covered, so that the files of a
 * partition continue one another without gaps and their names tell how far the archive reaches.
 *
 * <p>Its name is {@code epoch-partition-first-last.parquet} as the job wrote it, generation 0. A rewritten one has its generation
 * before the suffix, {@code epoch-partition-first-last.g1.parquet}, and stands in for every file of the same day and partition whose
 * generation is lower and whose range lies within its own: {@link #current}. Its columns are {@link #SCHEMA}.
 */
public record ArchiveFile(LocalDate date, int epoch, int partition, long first, long last, int generation) {
    /** The folder of the archive, relative to the store's root. */
    public static final String FOLDER = "observations";

    /**
     * The Parquet schema. {@code type} is {@code observed}, {@code withdrawn} or {@code forgotten}; {@code item} is its JSON (a quoted
     * id, or data); {@code timestamp} is event time in milliseconds since 1970.
     */
    public static final String SCHEMA = """
            message record {
              required int32 epoch;
              required int32 partition;
              required int64 offset;
              required binary type (STRING);
              required binary uid (STRING);
              optional binary item (STRING);
              optional double label;
              optional int64 timestamp;
              optional binary id (STRING);
              optional binary impression (STRING);
            }
            """;

    private static final long MAX_OFFSET = 999_999_999_999_999_999L;

    private static final Pattern NAME =
            Pattern.compile("(\\d{1,9})-(\\d{1,9})-(\\d{18})-(\\d{18})(?:\\.g([1-9]\\d{0,8}))?\\.parquet");

    public ArchiveFile {
        if (epoch < 0 || partition < 0) {
            throw new IllegalArgumentException(
                    "epoch and partition must not be negative, but got " + epoch + " and " + partition);
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generation must not be negative, but got " + generation);
        }
        if (first < 0 || last < first || last > MAX_OFFSET) {
            throw new IllegalArgumentException(
                    "offsets must be 0 ≤ first ≤ last < 10¹⁸, but got " + first + " and " + last);
        }
    }

    /** A file as the job writes it. */
    public ArchiveFile(LocalDate date, int epoch, int partition, long first, long last) {
        this(date, epoch, partition, first, last, 0);
    }

    /** The address relative to the store's root. */
    public String address() {
        String suffix = generation == 0 ? "" : ".g" + generation;
        return String.format(
                Locale.ROOT, "%s/%s/%d-%d-%018d-%018d%s.parquet", FOLDER, date, epoch, partition, first, last, suffix);
    }

    /** Whether this file stands in for the other, which is then not read. */
    public boolean supersedes(ArchiveFile other) {
        return generation > other.generation
                && epoch == other.epoch
                && partition == other.partition
                && first <= other.first
                && other.last <= last
                && date.equals(other.date);
    }

    /** The files that are to be read: those that no other stands in for. Whatever a crash left, they hold every row that counts. */
    public static List<ArchiveFile> current(Collection<ArchiveFile> files) {
        Map<Series, List<ArchiveFile>> rewritten =
                files.stream().filter(file -> file.generation > 0).collect(Collectors.groupingBy(Series::of));
        return files.stream()
                .filter(file -> rewritten.getOrDefault(Series.of(file), List.of()).stream()
                        .noneMatch(other -> other.supersedes(file)))
                .toList();
    }

    /** What files have in common of which one may stand in for another. */
    private record Series(LocalDate date, int epoch, int partition) {
        static Series of(ArchiveFile file) {
            return new Series(file.date, file.epoch, file.partition);
        }
    }

    /** Reads folder and file name; empty for a file of another form (hidden, being written). */
    public static Optional<ArchiveFile> parse(String dateFolder, String fileName) {
        Matcher matcher = NAME.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ArchiveFile(
                    LocalDate.parse(dateFolder),
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4)),
                    matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5))));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
