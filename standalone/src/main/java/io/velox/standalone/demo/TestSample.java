package io.velox.standalone.demo;

/**
 * The users whose test ratings are predicted: all of them, or a seeded share where the test ratings are many. A user is taken or not by
 * the name alone.
 */
record TestSample(long seed, double share) {
    /** Test ratings beyond which a sample serves: its error is known to about 0.001. */
    static final long MOST_RATINGS = 200_000;

    private static final long BUCKETS = 1 << 20;

    static TestSample of(Census census, long seed) {
        return new TestSample(seed, Math.min(1, (double) MOST_RATINGS / Math.max(1, census.test())));
    }

    boolean isAll() {
        return share >= 1;
    }

    boolean takes(String uid) {
        // SplitMix64's finish, so that users with numbers for names are spread evenly.
        long hash = (uid.hashCode() + seed * 0x9E3779B97F4A7C15L) ^ 0x5DEECE66DL;
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        hash ^= hash >>> 31;
        return Math.floorMod(hash, BUCKETS) < share * BUCKETS;
    }
}
