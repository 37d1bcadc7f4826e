package io.velox.serving.lifecycle;

import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;

/** A version whose features this node holds in memory. Immutable. */
public record LoadedVersion(Manifest manifest, VeloxModel model) {}
