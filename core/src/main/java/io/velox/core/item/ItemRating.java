package io.velox.core.item;

import static java.util.Objects.requireNonNull;

/**
 * What one user's rating says of an item: {@code y − b = qᵀp + o + ε}, with the item's unknown factor q and offset o.
 *
 * @param weights {@code [p, b]}, the user's as they were when it rated, of length d
 * @param label y, finite
 * @param variance of ε; positive
 */
@SuppressWarnings("ArrayRecordComponent") // one per rating of a new item; never compared
public record ItemRating(double[] weights, double label, double variance) {
    public ItemRating {
        requireNonNull(weights, "weights");
        if (!Double.isFinite(label)) {
            throw new IllegalArgumentException("label must be finite, but got " + label);
        }
        if (!(variance > 0) || !Double.isFinite(variance)) {
            throw new IllegalArgumentException("variance must be positive and finite, but got " + variance);
        }
    }
}
