package io.velox.core.item;

import static java.util.Objects.requireNonNull;

/**
 * An item that a version was trained on, and what is known of it.
 *
 * @param vector {@code [q, o]}, factor and offset, finite
 * @param ratings that training had of it, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // one per item of a training; never compared
public record TrainedItem(Metadata metadata, double[] vector, long ratings) {
    public TrainedItem {
        requireNonNull(metadata, "metadata");
        for (double value : vector) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("vector must be finite, but holds " + value);
            }
        }
        if (ratings < 1) {
            throw new IllegalArgumentException("ratings must be at least 1, but got " + ratings);
        }
    }
}
