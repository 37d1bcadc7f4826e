package io.velox.serving.features;

import io.velox.core.model.FactorRow;
import io.velox.core.model.ModelVersion;

/**
 * An item in a version of a model.
 *
 * <p>The hash leaves the version out, on purpose: the cache counts by it how often a key is asked for, so that an item's popularity
 * is known of a version that has only just gone live.
 */
record FeatureKey(ModelVersion version, String item) {
    /** Of an entry of the cache beside the features and the id's characters: objects' headers, references, counts. */
    private static final int BYTES_OF_ENTRY = 208;

    @Override
    public int hashCode() {
        return 31 * version.model().hashCode() + item.hashCode();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FeatureKey other && item.equals(other.item) && version.equals(other.version);
    }

    /** What an entry takes in memory, about. */
    int bytes(FactorRow row) {
        return bytes(item, row.dimension());
    }

    static int bytes(String item, int dimension) {
        return BYTES_OF_ENTRY + item.length() + 4 * dimension;
    }
}
