package io.velox.serving.features;

import io.velox.core.store.Manifest;

/** Opens versions for serving. */
@FunctionalInterface
public interface VersionOpener {
    /**
     * Opens and verifies a version. Blocks.
     *
     * @throws io.velox.core.error.VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    OpenVersion open(Manifest manifest);

    /** Is told that another version may answer from now on. Does not block. */
    default void catalogueChanges() {}
}
