package io.velox.core.store;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One combination of hyperparameters that a search tried.
 *
 * @param hyperparameters that differ between the trials, as text
 * @param validationRmse the root mean square error on the validation ratings; null if the trial gave none
 * @param seconds that it took
 * @param failure why it gave no error; null if it did
 * @param isChosen whether the version was trained with it
 */
public record SearchTrial(
        SortedMap<String, String> hyperparameters,
        @Nullable Double validationRmse,
        double seconds,
        @Nullable String failure,
        boolean isChosen) {
    public SearchTrial {
        hyperparameters = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) hyperparameters));
        if ((validationRmse == null) == (failure == null)) {
            throw new IllegalArgumentException(
                    "a trial has either a validationRmse or a failure, but got " + validationRmse + " and " + failure);
        }
        if (validationRmse != null && !Double.isFinite(validationRmse)) {
            throw new IllegalArgumentException("validationRmse must be finite, but got " + validationRmse);
        }
    }
}
