package io.velox.client.ratings;

import io.velox.client.Observation;

/** How the lines of one file say what users did. */
interface RatingFormat {
    /** Whether the first line only names the columns. */
    boolean hasHeader();

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is not a good observation; the message says why
     */
    Observation read(String line);

    /**
     * The format that a file's first line shows.
     *
     * @throws IllegalArgumentException if it shows none; the message says what is expected
     */
    static RatingFormat of(String firstLine, RatingOptions options) {
        return firstLine.stripLeading().startsWith("{")
                ? JsonFormat.of(firstLine, options.columns())
                : SeparatedFormat.of(firstLine, options);
    }
}
