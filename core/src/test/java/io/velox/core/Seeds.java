package io.velox.core;

import java.util.Random;

/** The randomness of tests: a new seed in every run, printed; {@code -Dvelox.seed=} replays one. */
public final class Seeds {
    private static final long SEED = Long.getLong("velox.seed", System.nanoTime());

    static {
        System.out.println("velox.seed=" + SEED);
    }

    private Seeds() {}

    /** A generator of one test's own, so that tests do not depend on each other's order. */
    public static Random random(String test) {
        return new Random(SEED * 31 + test.hashCode());
    }
}
