package io.velox.serving.features;

import io.velox.core.item.ItemGuesses;
import io.velox.core.model.VeloxModel;
import java.util.Optional;

/**
 * A version as it was opened for serving: the model, and where its items' features come from. Immutable.
 *
 * @param guesses what it takes items for that it was not trained on; empty if it takes them for nothing
 */
public record OpenVersion(VeloxModel model, ItemFeatures features, Optional<ItemGuesses> guesses) {
    /** A version that takes items for nothing that it was not trained on. */
    public OpenVersion(VeloxModel model, ItemFeatures features) {
        this(model, features, Optional.empty());
    }

    /** A version whose features are in memory. */
    public static OpenVersion inMemory(VeloxModel model) {
        return new OpenVersion(model, new ModelFeatures(model));
    }

    /** The same version, which takes items for what these guess. */
    OpenVersion with(Optional<ItemGuesses> other) {
        return new OpenVersion(model, features, other);
    }
}
