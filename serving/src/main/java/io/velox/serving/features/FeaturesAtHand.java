package io.velox.serving.features;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import java.util.Optional;
import java.util.OptionalDouble;

/** The features of the items that one request is about, all of one version, without further waiting. Immutable. */
public interface FeaturesAtHand {
    /** {@code o + wᵀf}; empty when the version does not know the item. */
    OptionalDouble score(Item item, double[] weights);

    /** The item's features; empty when the version does not know it. */
    Optional<FeatureVector> features(Item item);

    /** Whether the version knows the item only by what is registered of it, and was not trained on it. */
    default boolean isProvisional(Item item) {
        return false;
    }
}
