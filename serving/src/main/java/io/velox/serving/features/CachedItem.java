package io.velox.serving.features;

import io.velox.core.model.FactorRow;
import org.jspecify.annotations.Nullable;

/** An item's features in the versions of its model that are loaded: one, two, seldom three. Safe for use from any thread. */
final class CachedItem {
    /** Of an entry of the cache beside the features and the id's characters: objects' headers, references, counts. */
    private static final int BYTES_OF_ENTRY = 224;

    /** Of one more version of an entry, beside the features. */
    private static final int BYTES_OF_VERSION = 72;

    private final int dimension;
    private volatile @Nullable InVersion first;

    /** @param dimension of the features, by which the entry is weighed */
    CachedItem(int dimension) {
        this.dimension = dimension;
    }

    private record InVersion(
            int version, FactorRow row, @Nullable InVersion next) {}

    @Nullable
    FactorRow in(int version) {
        InVersion here = first;
        while (here != null && here.version != version) {
            here = here.next;
        }
        return here == null ? null : here.row;
    }

    synchronized void put(int version, FactorRow row) {
        first = new InVersion(version, row, without(first, version));
    }

    /** Returns whether nothing is left. */
    synchronized boolean remove(int version) {
        first = without(first, version);
        return first == null;
    }

    private static @Nullable InVersion without(@Nullable InVersion from, int version) {
        if (from == null) {
            return null;
        }
        InVersion rest = without(from.next, version);
        return from.version == version ? rest : new InVersion(from.version, from.row, rest);
    }

    /** The same item in the same versions, weighed by another dimension. */
    CachedItem ofDimension(int other) {
        CachedItem item = new CachedItem(other);
        item.first = first;
        return item;
    }

    int dimension() {
        return dimension;
    }

    /** What an entry takes in memory with the features of one version, about. */
    static int bytes(String item, int dimension) {
        return BYTES_OF_ENTRY + item.length() + 4 * dimension;
    }

    /** What the versions beyond the first take, about. */
    long bytesOfOthers() {
        int versions = 0;
        for (InVersion here = first; here != null; here = here.next) {
            versions++;
        }
        return Math.max(0, versions - 1) * (BYTES_OF_VERSION + 4L * dimension);
    }
}
