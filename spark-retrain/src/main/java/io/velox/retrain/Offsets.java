package io.velox.retrain;

import java.io.Serializable;

/**
 * What is subtracted from a label before the factorisation: with biases, global mean and item bias, which become the item's offset,
 * and the user's bias, which becomes the weight of the constant 1; else nothing.
 *
 * @param ofItems by item index; zeros without biases
 */
@SuppressWarnings("ArrayRecordComponent") // one per training; never compared
record Offsets(float[] ofItems, boolean areBiases) implements Serializable {
    /** A user's bias is estimated as if there were this many further ratings without one. */
    private static final double SHRINKAGE = 5;

    /** {@code Σ(y − o)/(n + k)}; 0 without biases. */
    double userBias(UserRatings ratings) {
        double sum = 0;
        if (areBiases) {
            for (int i = 0; i < ratings.size(); i++) {
                sum += ratings.labels()[i] - ofItems[ratings.items()[i]];
            }
        }
        return sum / (ratings.size() + SHRINKAGE);
    }
}
