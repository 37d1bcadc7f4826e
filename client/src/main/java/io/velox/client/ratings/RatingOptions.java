package io.velox.client.ratings;

import java.util.Optional;

/**
 * What is said of a file of ratings beside what it shows itself.
 *
 * @param columns which column is what
 * @param separator between columns; empty to be told from the first line
 * @param hasNoHeader whether the first line is a rating already, though its columns could be names
 * @param entry the file to read in a zip file; empty for the only or well-known one
 */
public record RatingOptions(
        RatingColumns columns, Optional<String> separator, boolean hasNoHeader, Optional<String> entry) {
    public RatingOptions {
        if (separator.isPresent() && separator.get().isEmpty()) {
            throw new IllegalArgumentException("separator must not be empty");
        }
    }

    /** All is told from the file. */
    public static RatingOptions none() {
        return new RatingOptions(RatingColumns.byName(), Optional.empty(), false, Optional.empty());
    }

    /** The same for one file of a zip file or folder. */
    public RatingOptions ofEntry(String name) {
        return new RatingOptions(columns, separator, hasNoHeader, Optional.of(name));
    }
}
