package io.velox.serving.predict;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.user.Posterior;
import java.util.Optional;
import java.util.Set;

/**
 * Who answers, and all that is known of the user.
 *
 * @param seen the items that the user has rated, in the request too
 * @param posterior of the weights, in the version that answers; nobody learns with it
 */
public record Known(Answering answering, Set<Item> seen, Posterior posterior) {
    private static final int MOST_REASONS = 5;

    ScoredItem detailed(ScoredItem scored, FeatureVector features, Details details) {
        return new ScoredItem(
                scored.item(),
                scored.score(),
                scored.isProvisional(),
                details.uncertainty()
                        ? Optional.of(Math.sqrt(posterior.learner().uncertainty(features)))
                        : Optional.empty(),
                details.explanation()
                        ? Optional.of(posterior.explain(answering.version().model(), features, MOST_REASONS))
                        : Optional.empty());
    }
}
