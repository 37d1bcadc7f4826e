package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PositiveDefiniteTest {
    @Test
    void nativeAndPlainTwinsAgreeAndSolveTheSystem() {
        Random random = Seeds.random("nativeAndPlainTwinsAgree");
        int[] sizes = IntStream.concat(IntStream.of(1, 2, 99, 100, 101, 300), random.ints(24, 1, 301))
                .toArray();
        for (int d : sizes) {
            double[] a = Matrices.positiveDefinite(random, d);
            double[] b = Matrices.vector(random, d);
            double[] plain = PositiveDefinite.solvePlain(a, b);
            double[] product = new double[d];
            PackedSymmetric.multiply(a, plain, product);
            assertThat(Matrices.distance(product, b)).as("A x, d = %d", d).isLessThan(1e-10);
            double[] plainInverse = PositiveDefinite.invertPlain(a, d);
            assertThat(Matrices.distance(PositiveDefinite.solve(a, b), plain)).isLessThan(1e-10);
            assertThat(Matrices.distance(PositiveDefinite.invert(a, d), plainInverse))
                    .isLessThan(1e-10);
            if (NativeBlas.isAvailable()) {
                double[] inverse = PositiveDefinite.invertNative(a, d);
                assertThat(Matrices.distance(PositiveDefinite.solveNative(a, b), plain))
                        .isLessThan(1e-10);
                assertThat(Matrices.distance(inverse, plainInverse))
                        .as("d = %d", d)
                        .isLessThan(1e-10);
            }
        }
    }

    @Test
    void severalRightSidesAreSolvedAsEachAlone() {
        Random random = Seeds.random("severalRightSides");
        for (int d : new int[] {1, 5, 120}) {
            double[] a = Matrices.positiveDefinite(random, d);
            double[][] columns = {Matrices.vector(random, d), Matrices.vector(random, d), new double[d]};
            double[][] plain = PositiveDefinite.solveAllPlain(a, d, columns);
            double[][] solved = PositiveDefinite.solveAll(a, d, columns);
            for (int c = 0; c < columns.length; c++) {
                assertThat(plain[c]).containsExactly(PositiveDefinite.solvePlain(a, columns[c]));
                assertThat(Matrices.distance(solved[c], plain[c])).isLessThan(1e-10);
            }
        }
    }

    @Test
    void argumentsStayAsTheyAre() {
        Random random = Seeds.random("argumentsStayAsTheyAre");
        for (int d : new int[] {5, 120}) {
            double[] a = Matrices.positiveDefinite(random, d);
            double[] b = Matrices.vector(random, d);
            double[] aBefore = a.clone();
            double[] bBefore = b.clone();
            PositiveDefinite.solve(a, b);
            PositiveDefinite.invert(a, d);
            assertThat(a).containsExactly(aBefore);
            assertThat(b).containsExactly(bBefore);
        }
    }

    @Test
    void theCholeskyFactorTimesItsTransposeIsTheMatrix() {
        Random random = Seeds.random("theCholeskyFactor");
        int d = 20;
        double[] a = Matrices.positiveDefinite(random, d);
        double[] l = PositiveDefinite.cholesky(a, d);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k <= j; k++) {
                    sum += l[PackedSymmetric.index(i, k)] * l[PackedSymmetric.index(j, k)];
                }
                assertThat(sum).isCloseTo(a[PackedSymmetric.index(i, j)], within(1e-12));
            }
        }
    }

    @Test
    void whatIsNotPositiveDefiniteIsRefusedWithThePivotThatShowsIt() {
        for (int d : new int[] {4, 150}) {
            double[] a = PackedSymmetric.diagonal(d, 2);
            a[PackedSymmetric.index(3, 3)] = -1;
            String message = "matrix is not positive definite: pivot 3 is -1.0";
            assertThatThrownBy(() -> PositiveDefinite.solve(a, new double[d]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> PositiveDefinite.invert(a, d)).hasMessage(message);
            assertThatThrownBy(() -> PositiveDefinite.solvePlain(a, new double[d]))
                    .hasMessage(message);
            assertThatThrownBy(() -> PositiveDefinite.invertPlain(a, d)).hasMessage(message);
            if (NativeBlas.isAvailable()) {
                assertThatThrownBy(() -> PositiveDefinite.solveNative(a, new double[d]))
                        .hasMessage(message);
                assertThatThrownBy(() -> PositiveDefinite.invertNative(a, d)).hasMessage(message);
            }
        }
    }

    @Test
    void whatIsNoNumberIsRefused() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0}) {
            assertThatThrownBy(() -> PositiveDefinite.solve(new double[] {1, 0, bad}, new double[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("matrix is not positive definite: pivot 1 is " + bad);
        }
    }
}
