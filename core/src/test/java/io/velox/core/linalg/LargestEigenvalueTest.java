package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestEigenvalueTest {
    /** Known eigenvalues, in directions that three reflections mix. */
    @Test
    void noEigenvalueIsAboveTheBoundWhichIsNear() {
        Random random = Seeds.random("largestEigenvalue");
        for (int trial = 0; trial < 300; trial++) {
            int d = 1 + random.nextInt(60);
            double[][] a = new double[d][d];
            double largest = 0;
            for (int i = 0; i < d; i++) {
                a[i][i] = random.nextInt(3) == 0 ? 0 : Math.exp(3 * random.nextGaussian());
                largest = Math.max(largest, a[i][i]);
            }
            for (int i = 0; i < 3; i++) {
                reflect(a, Matrices.vector(random, d));
            }

            double bound = LargestEigenvalue.bound(PackedSymmetric.pack(a), d);

            assertThat(bound).isBetween(largest * (1 - 1e-12), largest * 1.2 + 1e-300);
        }
    }

    /** {@code A ← H A H} with {@code H = I − 2 v vᵀ/vᵀv}. */
    private static void reflect(double[][] a, double[] v) {
        int d = v.length;
        double squares = 0;
        double[] av = new double[d];
        for (int i = 0; i < d; i++) {
            squares += v[i] * v[i];
            for (int j = 0; j < d; j++) {
                av[i] += a[i][j] * v[j];
            }
        }
        double vav = 0;
        for (int i = 0; i < d; i++) {
            vav += v[i] * av[i];
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                a[i][j] += (-2 * (v[i] * av[j] + av[i] * v[j]) + 4 * vav / squares * v[i] * v[j]) / squares;
            }
        }
    }

    @Test
    void isExactWhereTheMatrixIsDiagonalOrNothing() {
        assertThat(LargestEigenvalue.bound(PackedSymmetric.diagonal(7, 3), 7)).isEqualTo(3);
        assertThat(LargestEigenvalue.bound(PackedSymmetric.diagonal(7, 0), 7)).isEqualTo(0);
        assertThat(LargestEigenvalue.bound(new double[0], 0)).isEqualTo(0);
    }

    @Test
    void doesNotDependOnWhereThePowerMethodBegins() {
        double[] v = {1, -Math.sqrt(1 / 0.7)}; // orthogonal to that
        double[] a = new double[PackedSymmetric.length(2)];
        PackedSymmetric.addOuter(a, 1, v);
        double largest = v[0] * v[0] + v[1] * v[1];

        assertThat(LargestEigenvalue.bound(a, 2)).isBetween(largest * (1 - 1e-12), largest * 1.2);
    }
}
