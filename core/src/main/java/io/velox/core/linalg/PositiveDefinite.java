package io.velox.core.linalg;

import java.util.Arrays;
import org.jblas.DoubleMatrix;
import org.jblas.Solve;

/**
 * Solves {@code A X = B} for a symmetric positive definite A: by JBLAS (LAPACK {@code posv}) from dimension
 * {@value #NATIVE_FROM_DIMENSION}, where that is faster and available, else by a plain Cholesky factorisation.
 */
public final class PositiveDefinite {
    static final int NATIVE_FROM_DIMENSION = 100;

    private PositiveDefinite() {}

    /**
     * The solution x of {@code A x = b}.
     *
     * @param a packed (see {@link PackedSymmetric})
     * @throws IllegalArgumentException if A is not positive definite
     */
    public static double[] solve(double[] a, double[] b) {
        return usesNative(b.length) ? solveNative(a, b) : solvePlain(a, b);
    }

    /** {@code A⁻¹}, packed like A. */
    public static double[] invert(double[] a, int d) {
        return usesNative(d) ? invertNative(a, d) : invertPlain(a, d);
    }

    private static boolean usesNative(int d) {
        return d >= NATIVE_FROM_DIMENSION && NativeBlas.isAvailable();
    }

    static double[] solveNative(double[] a, double[] b) {
        DoubleMatrix full = new DoubleMatrix(PackedSymmetric.unpack(a, b.length));
        return Solve.solvePositive(full, new DoubleMatrix(b)).toArray();
    }

    static double[] invertNative(double[] a, int d) {
        DoubleMatrix full = new DoubleMatrix(PackedSymmetric.unpack(a, d));
        return PackedSymmetric.pack(
                Solve.solvePositive(full, DoubleMatrix.eye(d)).toArray2());
    }

    static double[] solvePlain(double[] a, double[] b) {
        double[] factor = cholesky(a, b.length);
        double[] x = b.clone();
        solveWithFactor(factor, x);
        return x;
    }

    static double[] invertPlain(double[] a, int d) {
        double[] factor = cholesky(a, d);
        double[] inverse = new double[PackedSymmetric.length(d)];
        double[] column = new double[d];
        for (int j = 0; j < d; j++) {
            Arrays.fill(column, 0);
            column[j] = 1;
            solveWithFactor(factor, column);
            for (int i = j; i < d; i++) {
                inverse[PackedSymmetric.index(i, j)] = column[i];
            }
        }
        return inverse;
    }

    /** The lower factor L of {@code A = L Lᵀ}, packed. */
    public static double[] cholesky(double[] a, int d) {
        double[] l = a.clone();
        for (int i = 0; i < d; i++) {
            int row = PackedSymmetric.index(i, 0);
            for (int j = 0; j <= i; j++) {
                int other = PackedSymmetric.index(j, 0);
                double sum = l[row + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[row + k] * l[other + k];
                }
                if (i > j) {
                    l[row + j] = sum / l[other + j];
                } else if (sum > 0) {
                    l[row + i] = Math.sqrt(sum);
                } else {
                    throw new IllegalArgumentException("matrix is not positive definite: pivot " + i + " is " + sum);
                }
            }
        }
        return l;
    }

    private static void solveWithFactor(double[] l, double[] x) {
        int d = x.length;
        for (int i = 0; i < d; i++) {
            int row = PackedSymmetric.index(i, 0);
            double sum = x[i];
            for (int k = 0; k < i; k++) {
                sum -= l[row + k] * x[k];
            }
            x[i] = sum / l[row + i];
        }
        for (int i = d - 1; i >= 0; i--) {
            int row = PackedSymmetric.index(i, 0);
            x[i] /= l[row + i];
            for (int k = 0; k < i; k++) {
                x[k] -= l[row + k] * x[i];
            }
        }
    }
}
