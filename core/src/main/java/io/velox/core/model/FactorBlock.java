package io.velox.core.model;

/**
 * Some consecutive rows of a {@link FactorTable}: n items in ascending order of id, with their factors row by row (n×d), offsets and
 * noises. Owns its arrays; nobody writes to them.
 */
@SuppressWarnings("ArrayRecordComponent") // large and shared by reference between state and table; never compared
public record FactorBlock(String[] items, float[] features, float[] offsets, float[] noises) {
    /** The rows of every block of a table but the last. */
    public static final int ROWS = 1024;

    public FactorBlock {
        int n = items.length;
        if (n == 0 || offsets.length != n || noises.length != n || features.length % n != 0) {
            throw new IllegalArgumentException(
                    "a block of " + n + " items must have as many offsets and noises, and n×d features, but has "
                            + offsets.length + ", " + noises.length + " and " + features.length);
        }
    }

    public int size() {
        return items.length;
    }

    public int dimension() {
        return features.length / items.length;
    }
}
