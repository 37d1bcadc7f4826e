package io.velox.core.store;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the archive of observations, under {@code observations/<arrival date>/}: what happened to users in one partition of the
 * log, from one offset to another, both included. Records that are not archived (rebasing) count as covered, so that the files of a
 * partition continue one another without gaps and their names tell how far the archive reaches.
 *
 * <p>Its name is {@code epoch-partition-first-last.parquet}; its columns are {@link #SCHEMA}.
 */
public record ArchiveFile(LocalDate date, int epoch, int partition, long first, long last) {
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

    private static final Pattern NAME = Pattern.compile("(\\d{1,9})-(\\d{1,9})-(\\d{18})-(\\d{18})\\.parquet");

    public ArchiveFile {
        if (epoch < 0 || partition < 0) {
            throw new IllegalArgumentException(
                    "epoch and partition must not be negative, but got " + epoch + " and " + partition);
        }
        if (first < 0 || last < first || last > MAX_OFFSET) {
            throw new IllegalArgumentException(
                    "offsets must be 0 ≤ first ≤ last < 10¹⁸, but got " + first + " and " + last);
        }
    }

    /** The address relative to the store's root. */
    public String address() {
        return String.format(
                Locale.ROOT, "%s/%s/%d-%d-%018d-%018d.parquet", FOLDER, date, epoch, partition, first, last);
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
                    Long.parseLong(matcher.group(4))));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
