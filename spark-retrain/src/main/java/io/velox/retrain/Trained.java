package io.velox.retrain;

import java.io.Serializable;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a training on all ratings made.
 *
 * @param state what a refresh starts from; empty without a polish
 * @param weights that training gives a user with ratings
 * @param metrics of the manifest
 */
record Trained(Served served, Optional<PolishState> state, UserRule weights, SortedMap<String, Double> metrics) {
    /** The weights of a user from its ratings. */
    @FunctionalInterface
    interface UserRule extends Serializable {
        double[] weights(UserRatings ratings);
    }
}
