package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedSymmetricTest {
    @Test
    void everyOperationEqualsItsDenseForm() {
        Random random = Seeds.random("everyOperationEqualsItsDenseForm");
        for (int trial = 0; trial < 200; trial++) {
            int d = 1 + random.nextInt(25);
            double[][] full = symmetric(random, d);
            double[] packed = PackedSymmetric.pack(full);
            double[] x = random.doubles(d, -1, 1).toArray();
            double[] expected = new double[d];
            double quadratic = 0;
            double norm = 0;
            for (int i = 0; i < d; i++) {
                double row = 0;
                for (int j = 0; j < d; j++) {
                    expected[i] += full[i][j] * x[j];
                    quadratic += x[i] * full[i][j] * x[j];
                    row += Math.abs(full[i][j]);
                    assertThat(packed[PackedSymmetric.index(i, j)]).isEqualTo(full[i][j]);
                }
                norm = Math.max(norm, row);
            }
            double[] out = random.doubles(d).toArray();
            PackedSymmetric.multiply(packed, x, out);
            assertThat(out).containsExactly(expected, within(1e-12));
            assertThat(PackedSymmetric.quadratic(packed, x)).isCloseTo(quadratic, within(1e-12));
            assertThat(PackedSymmetric.maxRowSum(packed, d)).isCloseTo(norm, within(1e-12));
            assertThat(PackedSymmetric.unpack(packed, d)).isDeepEqualTo(full);
            assertThat(packed).hasSize(PackedSymmetric.length(d));

            double[][] other = symmetric(random, d);
            double trace = 0;
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    trace += full[i][j] * other[j][i];
                }
            }
            assertThat(PackedSymmetric.traceOfProduct(packed, PackedSymmetric.pack(other), d))
                    .isCloseTo(trace, within(1e-12));

            PackedSymmetric.addOuter(packed, -0.5, x);
            for (int i = 0; i < d; i++) {
                for (int j = 0; j <= i; j++) {
                    assertThat(packed[PackedSymmetric.index(i, j)])
                            .isCloseTo(full[i][j] - 0.5 * x[i] * x[j], within(1e-15));
                }
            }
        }
    }

    @Test
    void aDiagonalIsNothingElse() {
        assertThat(PackedSymmetric.unpack(PackedSymmetric.diagonal(3, 7), 3))
                .isDeepEqualTo(new double[][] {{7, 0, 0}, {0, 7, 0}, {0, 0, 7}});
    }

    private static double[][] symmetric(Random random, int d) {
        double[][] full = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                full[i][j] = random.nextGaussian();
                full[j][i] = full[i][j];
            }
        }
        return full;
    }
}
