package io.velox.serving.items;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import java.util.Optional;
import java.util.OptionalDouble;

/** Features that a version knows, and beside them those that it guesses. Immutable. */
public record ProvisionalAtHand(FeaturesAtHand known, Provisional provisional) implements FeaturesAtHand {
    public static FeaturesAtHand beside(FeaturesAtHand known, Provisional provisional) {
        return provisional.isEmpty() ? known : new ProvisionalAtHand(known, provisional);
    }

    @Override
    public OptionalDouble score(Item item, double[] weights) {
        OptionalDouble score = known.score(item, weights);
        return score.isPresent()
                ? score
                : provisional
                        .features(item)
                        .map(features -> OptionalDouble.of(features.score(weights)))
                        .orElseGet(OptionalDouble::empty);
    }

    @Override
    public Optional<FeatureVector> features(Item item) {
        return known.features(item).or(() -> provisional.features(item));
    }

    @Override
    public boolean isProvisional(Item item) {
        return provisional.revision(item).isPresent() && known.features(item).isEmpty();
    }
}
