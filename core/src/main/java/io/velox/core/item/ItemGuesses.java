package io.velox.core.item;

import io.velox.core.model.FeatureVector;
import java.util.Optional;

/** What a version takes an item for that it was not trained on. Safe for use from any thread. */
public interface ItemGuesses {
    /** Features from what is known of the item; empty where the version cannot say. */
    Optional<FeatureVector> features(Metadata metadata);
}
