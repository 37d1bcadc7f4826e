package io.velox.job;

import java.util.Random;
import java.util.random.RandomGenerator;

/** The seeds of random tests: printed, and given back with {@code -Dvelox.seed=}. */
public final class Seeds {
    private Seeds() {}

    public static RandomGenerator random() {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        System.out.println("velox.seed=" + seed);
        return new Random(seed);
    }
}
