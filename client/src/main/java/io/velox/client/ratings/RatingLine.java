package io.velox.client.ratings;

import io.velox.client.Observation;

/** A line of a file of ratings: an observation, or the reason why it is none. */
public sealed interface RatingLine {
    /** Of the line in its file, from 1, a header and blank lines counted. */
    long number();

    /** A line that says what a user did. */
    record Good(long number, Observation observation) implements RatingLine {}

    /** A line that does not; {@code reason} says what is wrong with it, for a person. */
    record Bad(long number, String reason) implements RatingLine {}
}
