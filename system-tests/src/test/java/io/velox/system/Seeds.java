package io.velox.system;

/** The seed of a random test: printed, and given back with {@code -Dvelox.seed=}. */
final class Seeds {
    private Seeds() {}

    static long next() {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        System.out.println("velox.seed=" + seed);
        return seed;
    }
}
