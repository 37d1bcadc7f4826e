package io.velox.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How the lines of a bulk import are to be read.
 *
 * @param format of the lines
 * @param isGzip whether they are packed with gzip
 * @param name of the import, by which Velox knows its lines again, so that sending them again is harmless; empty for none
 * @param firstLine the number of the first line with an observation; empty for the first in a file
 * @param timeout for the whole of it
 */
public record BulkRequest(
        Format format, boolean isGzip, Optional<String> name, Optional<Long> firstLine, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** What a line is. */
    public enum Format {
        /** A JSON object, as {@code observe} takes it. */
        NDJSON("application/x-ndjson"),
        /** Cells, below a header with the columns uid, item, label and perhaps timestamp, id and impression. */
        CSV("text/csv");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        String mediaType() {
            return mediaType;
        }
    }

    /** Lines of a file from its beginning, without a name, to be taken within ten minutes. */
    public static BulkRequest of(Format format) {
        return new BulkRequest(format, false, Optional.empty(), Optional.empty(), TIMEOUT);
    }

    /** The same, packed with gzip. */
    public BulkRequest gzip() {
        return new BulkRequest(format, true, name, firstLine, timeout);
    }

    /** The same under a name. */
    public BulkRequest named(String importName) {
        return new BulkRequest(format, isGzip, Optional.of(importName), firstLine, timeout);
    }

    /** The same for a part of a file. */
    public BulkRequest from(long line) {
        return new BulkRequest(format, isGzip, name, Optional.of(line), timeout);
    }

    /** The same with more or less time. */
    public BulkRequest within(Duration time) {
        return new BulkRequest(format, isGzip, name, firstLine, time);
    }
}
