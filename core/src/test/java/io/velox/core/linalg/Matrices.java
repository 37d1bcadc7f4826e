package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/** Random matrices for tests. */
final class Matrices {
    private Matrices() {}

    /** A packed symmetric positive definite matrix with eigenvalues from 1 up. */
    static double[] positiveDefinite(Random random, int d) {
        double[] a = PackedSymmetric.diagonal(d, 1);
        for (int k = 0; k < d; k++) {
            PackedSymmetric.addOuter(a, 1.0 / d, vector(random, d));
        }
        return a;
    }

    static double[] vector(Random random, int d) {
        double[] x = new double[d];
        for (int i = 0; i < d; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }

    /** The largest difference of two vectors, for matrices too large to compare entry by entry. */
    static double distance(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance = Math.max(distance, Math.abs(a[i] - b[i]));
        }
        return distance;
    }
}
