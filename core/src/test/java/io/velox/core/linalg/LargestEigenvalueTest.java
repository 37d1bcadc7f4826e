package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.jblas.DoubleMatrix;
import org.jblas.Eigen;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LargestEigenvalueTest {
    @Test
    void noEigenvalueIsAboveTheBoundWhichIsNear() {
        Assumptions.assumeTrue(NativeBlas.isAvailable());
        Random random = Seeds.random("largestEigenvalue");
        for (int trial = 0; trial < 300; trial++) {
            int d = 1 + random.nextInt(60);
            double[] a = PackedSymmetric.diagonal(d, random.nextBoolean() ? 0 : 0.01);
            for (int i = random.nextInt(d + 1); i > 0; i--) {
                PackedSymmetric.addOuter(a, Math.exp(3 * random.nextGaussian()), Matrices.vector(random, d));
            }
            double largest = Arrays.stream(
                            Eigen.symmetricEigenvalues(new DoubleMatrix(PackedSymmetric.unpack(a, d))).data)
                    .max()
                    .orElseThrow();

            double bound = LargestEigenvalue.bound(a, d);

            assertThat(bound).isBetween(largest * (1 - 1e-12), largest * 1.2 + 1e-300);
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
        // The largest direction is orthogonal to one that is all ones.
        double[] a = PackedSymmetric.diagonal(4, 1e-6);
        PackedSymmetric.addOuter(a, 1, new double[] {1, -1, 1, -1});
        PackedSymmetric.addOuter(a, 0.1, new double[] {1, 1, 1, 1});

        assertThat(LargestEigenvalue.bound(a, 4)).isBetween(4.0, 4.3);
    }
}
