package io.velox.serving.forgetting;

import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.store.ModelStore;
import io.velox.core.store.NumberedFile;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PurgeProgress} in the store, as {@code forgetting/progress-<number>.json}. Single writer; blocks. */
final class ProgressFile {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);

    private final NumberedFile file;

    ProgressFile(ModelStore store) {
        this.file = new NumberedFile(store, "forgetting", "progress");
    }

    /**
     * What was written last; empty if nothing was, or if it cannot be understood.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    Optional<PurgeProgress> read() {
        Optional<byte[]> json = file.read();
        if (json.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordCodec.read(json.get(), PurgeProgress.class));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "the progress of forgetting cannot be understood, and the log is searched from its beginning: {}",
                    e.toString());
            return Optional.empty();
        }
    }

    /** @throws VeloxException {@code STORE_UNAVAILABLE} */
    void write(PurgeProgress progress) {
        file.write(RecordCodec.write(progress));
    }
}
