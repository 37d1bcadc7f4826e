package io.velox.serving.features;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.store.Manifest;
import java.util.SortedMap;

/** Opens versions for serving. */
@FunctionalInterface
public interface VersionOpener {
    /**
     * Opens and verifies a version. Blocks.
     *
     * @throws io.velox.core.error.VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    OpenVersion open(Manifest manifest);

    /** Takes a new picture of the catalogue, before versions are opened because of it. Does not block. */
    default void follow(SortedMap<String, CatalogueEntry> catalogue) {}
}
