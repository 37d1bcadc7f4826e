package io.velox.serving.forgetting;

import io.velox.core.log.RecordCodec;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredDocument;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PurgeProgress} in the store, under {@code forgetting/}. Single writer; blocks. */
final class ProgressFile {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);

    private final StoredDocument document;

    ProgressFile(ModelStore store) {
        this.document = new StoredDocument(store, "forgetting");
    }

    /**
     * What was written last; empty if nothing was, or if it cannot be understood.
     *
     * @throws io.velox.core.error.VeloxException {@code STORE_UNAVAILABLE}
     */
    Optional<PurgeProgress> read() {
        return document.read().flatMap(ProgressFile::decode);
    }

    private static Optional<PurgeProgress> decode(byte[] json) {
        try {
            return Optional.of(RecordCodec.read(json, PurgeProgress.class));
        } catch (IOException | RuntimeException e) {
            LOG.warn("the progress of forgetting cannot be understood, so that it begins anew: {}", e.toString());
            return Optional.empty();
        }
    }

    /** @throws io.velox.core.error.VeloxException {@code STORE_UNAVAILABLE} */
    void write(PurgeProgress progress) {
        document.write(RecordCodec.write(progress));
    }
}
