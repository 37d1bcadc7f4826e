package io.velox.standalone.demo;

import java.util.SplittableRandom;

/** How many ratings each generated user has given: log-normal above a least number, with an exact sum. */
final class SyntheticActivity {
    static final int LEAST = 20;

    /** So that the median over the mean is as in MovieLens 10M (69 over 143). */
    private static final double SPREAD = 1.36;

    private static final double LARGEST_SHARE_OF_ITEMS = 0.7;

    private SyntheticActivity() {}

    static int[] ratingsOfUsers(int users, long ratings, int items, SplittableRandom random) {
        double[] above = new double[users];
        for (int u = 0; u < users; u++) {
            above[u] = Math.exp(SPREAD * random.nextGaussian());
        }
        long total = ratings - (long) LEAST * users;
        spread(above, (double) total, LARGEST_SHARE_OF_ITEMS * items - LEAST);
        int[] counts = new int[users];
        double sum = 0;
        long given = 0;
        for (int u = 0; u < users; u++) {
            sum += above[u];
            long upToHere = u == users - 1 ? total : Math.round(sum);
            counts[u] = LEAST + (int) (upToHere - given);
            given = upToHere;
        }
        return counts;
    }

    /** Scales to the total with nobody above the limit: what is cut off goes to the others in proportion. */
    private static void spread(double[] shares, double total, double limit) {
        for (int round = 0; round < 50; round++) {
            double full = 0;
            double open = 0;
            for (double share : shares) {
                if (share >= limit) {
                    full += limit;
                } else {
                    open += share;
                }
            }
            double factor = (total - full) / open;
            boolean isOver = false;
            for (int u = 0; u < shares.length; u++) {
                shares[u] = shares[u] >= limit ? limit : shares[u] * factor;
                isOver |= shares[u] > limit;
            }
            if (!isOver) {
                return;
            }
        }
        throw new IllegalStateException("no way to give " + total + " ratings to " + shares.length + " users");
    }
}
