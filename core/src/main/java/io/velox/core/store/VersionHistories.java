package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import java.io.IOException;
import java.util.List;

/**
 * The histories of versions in the store, {@code models/<model>/history/<version>/}: beyond what the catalogue keeps. Any number of
 * readers, one writer; blocks.
 */
public final class VersionHistories {
    private final ModelStore store;

    public VersionHistories(ModelStore store) {
        this.store = store;
    }

    /**
     * Reads a version's history; one without events if nothing is known.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public VersionHistory read(ModelVersion version) {
        var stored = document(version).read();
        if (stored.isEmpty()) {
            return new VersionHistory(version.model(), version.version(), List.of());
        }
        try {
            return RecordCodec.read(stored.get(), VersionHistory.class);
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.CORRUPT_MODEL, "the history of " + version + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Adds an event.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public void append(ModelVersion version, VersionHistory.Event event) {
        document(version).write(RecordCodec.write(read(version).plus(event)));
    }

    private StoredDocument document(ModelVersion version) {
        return new StoredDocument(store, "models/" + version.model() + "/history/" + version.version());
    }
}
