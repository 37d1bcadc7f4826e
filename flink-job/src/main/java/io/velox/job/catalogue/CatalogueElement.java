package io.velox.job.catalogue;

import io.velox.core.model.FactorBlock;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;

/** What is broadcast to every subtask that learns. */
public sealed interface CatalogueElement {
    /** A regular beat, without content: the occasion to report health when no record arrives. */
    record Heartbeat() implements CatalogueElement {}

    /** Something about one version, as of a position of the catalogue: what is known as of a later one outweighs it. */
    sealed interface OfVersion extends CatalogueElement {
        ModelVersion version();

        long position();
    }

    /** One block of a version's item features; all of a version's blocks go before its {@link Complete}. */
    record Block(ModelVersion version, long position, int index, FactorBlock factors) implements OfVersion {}

    /** The version is loaded and verified, and all its {@code blocks} have been sent. */
    record Complete(Manifest manifest, long position, int blocks) implements OfVersion {
        @Override
        public ModelVersion version() {
            return manifest.id();
        }
    }

    /** The version cannot be loaded. */
    record Rejected(ModelVersion version, long position, String reason) implements OfVersion {}

    /** The version is not to be held any more. */
    record Dropped(ModelVersion version, long position) implements OfVersion {}
}
