package io.velox.job.catalogue;

import io.velox.core.log.CatalogueEntry;

/**
 * One record of the catalogue topic: the whole state of one model as of {@code position}.
 *
 * @param position its offset; the topic has one partition, so positions order all changes
 */
public record CatalogueRecord(long position, CatalogueEntry entry) {
    public String model() {
        return entry.model();
    }
}
