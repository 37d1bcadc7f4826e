package io.velox.serving.lifecycle;

import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.serving.features.ItemFeatures;
import io.velox.serving.features.ModelFeatures;

/**
 * A version that this node can answer with. Immutable.
 *
 * @param features of its items, in memory or not
 */
public record LoadedVersion(Manifest manifest, VeloxModel model, ItemFeatures features) {
    /** A version whose features this node holds in memory. */
    public LoadedVersion(Manifest manifest, VeloxModel model) {
        this(manifest, model, new ModelFeatures(model));
    }
}
