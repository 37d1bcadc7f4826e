package io.velox.job.catalogue;

import java.io.Serializable;

/**
 * Reads the catalogue as it is now. The job's operators call it when they open, so that neither a fresh start nor a replay applies
 * records under an older catalogue than the log was written under.
 */
@FunctionalInterface
public interface CatalogueSnapshot extends Serializable {
    /**
     * The catalogue as of the call, or later. Blocks for a bounded time.
     *
     * @throws io.velox.core.error.VeloxException {@code LOG_UNAVAILABLE}
     */
    Catalogue read();
}
