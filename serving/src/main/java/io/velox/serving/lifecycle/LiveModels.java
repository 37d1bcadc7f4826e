package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/** The catalogue as this node sees it, with the versions that it has loaded. Safe for use from any thread; nothing blocks. */
public interface LiveModels {
    /** Every model in the catalogue, by name: one immutable picture. */
    SortedMap<String, CatalogueEntry> entries();

    /** A version that this node has loaded and that may answer. */
    Optional<LoadedVersion> loaded(ModelVersion version);

    /** The manifest of any version of the store, read there if need be; fails with {@code UNKNOWN_VERSION}, {@code CORRUPT_MODEL}. */
    CompletableFuture<Manifest> manifest(ModelVersion version);
}
