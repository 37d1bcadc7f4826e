package io.velox.serving.features;

import io.velox.core.model.VeloxModel;

/** A version as it was opened for serving: the model, and where its items' features come from. Immutable. */
public record OpenVersion(VeloxModel model, ItemFeatures features) {
    /** A version whose features are in memory. */
    public static OpenVersion inMemory(VeloxModel model) {
        return new OpenVersion(model, new ModelFeatures(model));
    }
}
