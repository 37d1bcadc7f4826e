package io.velox.job.catalogue;

import io.velox.core.model.ModelVersion;
import java.io.Serializable;
import java.util.List;

/** Reads a version from where it is kept. */
public interface VersionReader extends Serializable {
    /**
     * Reads and verifies one version: its blocks and a {@link CatalogueElement.Complete}, or one {@link CatalogueElement.Rejected} that
     * says what is wrong with it. Blocks for as long as the store takes.
     *
     * @param manifest the address of its manifest in the store
     * @param position of the catalogue, for the elements
     * @throws io.velox.core.error.VeloxException {@code STORE_UNAVAILABLE}
     */
    List<CatalogueElement.OfVersion> read(ModelVersion version, String manifest, long position);
}
