package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UdFactorTest {
    @Test
    void theFactorsMultiplyToTheMatrix() {
        Random random = Seeds.random("theFactorsMultiplyToTheMatrix");
        for (int trial = 0; trial < 50; trial++) {
            int d = 1 + random.nextInt(40);
            double[] a = Matrices.positiveDefinite(random, d);
            double[] ud = UdFactor.of(a, d);
            assertThat(Matrices.distance(expand(ud, d), a)).isLessThan(1e-12);
            assertThat(Matrices.distance(UdFactor.product(ud, d), a)).isLessThan(1e-12);
        }
    }

    @Test
    void observingSubtractsTheOuterProductOfTheGain() {
        Random random = Seeds.random("observing");
        for (int trial = 0; trial < 50; trial++) {
            int d = 1 + random.nextInt(40);
            double[] a = Matrices.positiveDefinite(random, d);
            double[] x = Matrices.vector(random, d);
            double[] expectedGain = new double[d];
            PackedSymmetric.multiply(a, x, expectedGain);
            double expectedAlpha = 0.3 + PackedSymmetric.quadratic(a, x);

            double[] ud = UdFactor.of(a, d);
            double[] gain = Matrices.vector(random, d);
            assertThat(UdFactor.quadratic(ud, x)).isCloseTo(expectedAlpha - 0.3, within(1e-11));
            assertThat(Matrices.distance(UdFactor.times(ud, x), expectedGain)).isLessThan(1e-11);
            assertThat(UdFactor.observe(ud, x, 0.3, gain)).isCloseTo(expectedAlpha, within(1e-11));
            assertThat(Matrices.distance(gain, expectedGain)).isLessThan(1e-11);
            PackedSymmetric.addOuter(a, -1 / expectedAlpha, expectedGain);
            assertThat(Matrices.distance(expand(ud, d), a)).isLessThan(1e-11);
        }
    }

    @Test
    void spreadsUnitVectorsIntoVectorsWhoseOuterProductsSumToTheMatrix() {
        Random random = Seeds.random("spreads");
        for (int trial = 0; trial < 50; trial++) {
            int d = 1 + random.nextInt(40);
            double[] a = Matrices.positiveDefinite(random, d);
            double[] ud = UdFactor.of(a, d);
            double[] sum = new double[a.length];
            for (int i = 0; i < d; i++) {
                double[] unit = new double[d];
                unit[i] = 1;
                PackedSymmetric.addOuter(sum, 1, UdFactor.spread(ud, unit));
            }
            assertThat(Matrices.distance(sum, a)).isLessThan(1e-12);
        }
    }

    @Test
    void theVarianceOfWhatWasSeenOverAndOverShrinksAndNeverTurnsNegative() {
        double[] ud = PackedSymmetric.diagonal(2, 1e12);
        double[] x = {1, 1};
        double before = UdFactor.quadratic(ud, x);
        for (int i = 0; i < 10_000; i++) {
            UdFactor.observe(ud, x, 1e-6, new double[2]);
            double after = UdFactor.quadratic(ud, x);
            assertThat(after).isPositive().isLessThan(before);
            before = after;
        }
        assertThat(before).isCloseTo(1e-10, within(1e-15));
        assertThat(UdFactor.quadratic(ud, new double[] {1, -1})).isCloseTo(2e12, within(1e3));
    }

    @Test
    void whatIsNotPositiveDefiniteIsRefusedWithThePivotThatShowsIt() {
        assertThatThrownBy(() -> UdFactor.of(new double[] {1, 2, 4}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("matrix is not positive definite: pivot 0 is 0.0");
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            assertThatThrownBy(() -> UdFactor.of(new double[] {1, 0, bad}, 2))
                    .hasMessage("matrix is not positive definite: pivot 1 is " + bad);
        }
    }

    /** {@code U D Uᵀ}, packed. */
    private static double[] expand(double[] ud, int d) {
        double[] a = new double[PackedSymmetric.length(d)];
        for (int k = 0; k < d; k++) {
            double[] column = new double[d];
            for (int i = 0; i < k; i++) {
                column[i] = ud[PackedSymmetric.index(k, i)];
            }
            column[k] = 1;
            PackedSymmetric.addOuter(a, ud[PackedSymmetric.index(k, k)], column);
        }
        return a;
    }
}
