package io.velox.core.item;

import io.velox.core.model.FeatureVector;
import java.util.Optional;

/** What a version takes an item for that it was not trained on, from what is registered of it. Immutable; cheap. */
public interface ItemGuesses {
    /** Finite features of the version's dimension, with the noise of what is not known of the item; empty if the version can say nothing. */
    Optional<FeatureVector> features(Metadata metadata);

    /**
     * The same, with what its ratings say.
     *
     * @throws IllegalArgumentException if the evidence is of another dimension
     */
    Optional<FeatureVector> features(Metadata metadata, ItemEvidence evidence);
}
