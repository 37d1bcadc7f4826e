package io.velox.core.user;

import io.velox.core.model.ModelVersion;
import java.util.List;
import java.util.Optional;

/**
 * Everything needed to answer for one user, without the history: the weights in each loaded version of each model. Immutable.
 *
 * @param revision the last record applied, rejected ones included
 * @param historySize how many observations the history holds at this revision
 * @param forgotten true for the tombstone of a user who was forgotten and has not returned
 */
public record UserModel(String uid, Revision revision, int historySize, boolean forgotten, List<UserWeights> weights) {
    public UserModel {
        weights = List.copyOf(weights);
    }

    public Optional<UserWeights> weights(ModelVersion version) {
        for (UserWeights w : weights) {
            if (w.version().equals(version)) {
                return Optional.of(w);
            }
        }
        return Optional.empty();
    }
}
