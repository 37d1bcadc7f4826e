package io.velox.client.ratings;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.client.Observation;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Texts of a file as the values of an observation. */
final class RatingValues {
    /** A number of seconds from here on would be after the year 5138, so it counts milliseconds. */
    private static final long FIRST_MILLISECONDS = 100_000_000_000L;

    private RatingValues() {}

    /**
     * An observation of these texts.
     *
     * @throws IllegalArgumentException naming the one that is wrong
     */
    static Observation observation(
            String uid, JsonNode item, String label, @Nullable String time, @Nullable String id) {
        return new Observation(
                uid,
                item,
                label(label),
                time == null || time.isEmpty() ? null : time(time),
                id == null || id.isEmpty() ? null : id);
    }

    private static double label(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("label must be a number, but got '" + text + "'", e);
        }
    }

    private static Instant time(String text) {
        try {
            if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Instant.parse(text);
            }
            long number = Long.parseLong(text);
            return number < FIRST_MILLISECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "timestamp must be ISO 8601, or seconds or milliseconds since 1970, but got '" + text + "'", e);
        }
    }
}
