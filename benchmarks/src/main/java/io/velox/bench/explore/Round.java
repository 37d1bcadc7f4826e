package io.velox.bench.explore;

import io.velox.core.model.FeatureVector;
import java.util.Arrays;
import java.util.List;

/**
 * Some candidates that are offered to a user, of which a policy chooses one.
 *
 * @param values what each would be worth to the user: its expected label, or where that is not known its label
 * @param labels what would be observed of each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Round(List<FeatureVector> candidates, double[] values, double[] labels) {
    /** Takes ownership of the arrays. */
    public Round {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty() || values.length != candidates.size() || labels.length != candidates.size()) {
            throw new IllegalArgumentException("there must be a value and a label of each candidate, but there are "
                    + values.length + " and " + labels.length + " of " + candidates.size());
        }
    }

    /** How much less the chosen one is worth than the best. */
    double regret(int chosen) {
        return Arrays.stream(values).max().orElseThrow() - values[chosen];
    }
}
