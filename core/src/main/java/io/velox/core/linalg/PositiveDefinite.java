package io.velox.core.linalg;

import java.util.Arrays;

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
     * @throws IllegalArgumentException if A is not positive definite, with the pivot that shows it
     */
    public static double[] solve(double[] a, double[] b) {
        return usesNative(b.length) ? solveNative(a, b) : solvePlain(a, b);
    }

    /**
     * The solutions of {@code A X = B} for several right sides.
     *
     * @param a packed (see {@link PackedSymmetric})
     * @param columns of B, each of length d
     * @return the columns of X
     * @throws IllegalArgumentException if A is not positive definite, with the pivot that shows it
     */
    public static double[][] solveAll(double[] a, int d, double[][] columns) {
        return usesNative(d) ? solveAllNative(a, d, columns) : solveAllPlain(a, d, columns);
    }

    /**
     * {@code A⁻¹}, packed like A.
     *
     * @throws IllegalArgumentException if A is not positive definite, with the pivot that shows it
     */
    public static double[] invert(double[] a, int d) {
        return usesNative(d) ? invertNative(a, d) : invertPlain(a, d);
    }

    private static boolean usesNative(int d) {
        return d >= NATIVE_FROM_DIMENSION && NativeBlas.isAvailable();
    }

    static double[] solveNative(double[] a, double[] b) {
        double[] x = b.clone();
        return posv(a, x.length, x, 1) ? x : solvePlain(a, b);
    }

    static double[][] solveAllNative(double[] a, int d, double[][] columns) {
        double[] x = new double[d * columns.length];
        for (int c = 0; c < columns.length; c++) {
            System.arraycopy(columns[c], 0, x, c * d, d);
        }
        if (!posv(a, d, x, columns.length)) {
            return solveAllPlain(a, d, columns);
        }
        double[][] solutions = new double[columns.length][];
        for (int c = 0; c < columns.length; c++) {
            solutions[c] = Arrays.copyOfRange(x, c * d, (c + 1) * d);
        }
        return solutions;
    }

    static double[] invertNative(double[] a, int d) {
        double[] inverse = new double[d * d];
        for (int i = 0; i < d; i++) {
            inverse[i * d + i] = 1;
        }
        return posv(a, d, inverse, d) ? lowerTriangle(inverse, d) : invertPlain(a, d);
    }

    /** LAPACK's {@code posv}; false where it finds no positive definite matrix: the plain twin decides then, and says which pivot. */
    private static boolean posv(double[] a, int d, double[] rightSides, int count) {
        double[] full = new double[d * d];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                full[i * d + j] = a[k++]; // by rows the lower triangle, by LAPACK's columns the upper
            }
        }
        return org.jblas.NativeBlas.dposv('U', d, count, full, 0, d, rightSides, 0, d) == 0;
    }

    private static double[] lowerTriangle(double[] full, int d) {
        double[] packed = new double[PackedSymmetric.length(d)];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                packed[k++] = full[i * d + j];
            }
        }
        return packed;
    }

    static double[] solvePlain(double[] a, double[] b) {
        double[] factor = cholesky(a, b.length);
        double[] x = b.clone();
        solveWithFactor(factor, x);
        return x;
    }

    static double[][] solveAllPlain(double[] a, int d, double[][] columns) {
        double[] factor = cholesky(a, d);
        double[][] solutions = new double[columns.length][];
        for (int c = 0; c < columns.length; c++) {
            solutions[c] = columns[c].clone();
            solveWithFactor(factor, solutions[c]);
        }
        return solutions;
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

    /**
     * The lower factor L of {@code A = L Lᵀ}, packed.
     *
     * @throws IllegalArgumentException if A is not positive definite, with the pivot that shows it
     */
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
                } else if (sum > 0 && Double.isFinite(sum)) {
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
