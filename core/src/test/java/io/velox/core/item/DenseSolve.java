package io.velox.core.item;

/** Gaussian elimination with pivots, by whole rows: slow, and written apart from the code under test. */
final class DenseSolve {
    private DenseSolve() {}

    /** The X of {@code A X = B}; the arguments are used up. */
    static double[][] solve(double[][] a, double[][] b) {
        int n = a.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column; row < n; row++) {
                pivot = Math.abs(a[row][column]) > Math.abs(a[pivot][column]) ? row : pivot;
            }
            swap(a, column, pivot);
            swap(b, column, pivot);
            for (int row = 0; row < n; row++) {
                double share = row == column ? 0 : a[row][column] / a[column][column];
                subtract(a[row], share, a[column]);
                subtract(b[row], share, b[column]);
            }
        }
        for (int row = 0; row < n; row++) {
            for (int j = 0; j < b[row].length; j++) {
                b[row][j] /= a[row][row];
            }
        }
        return b;
    }

    static double[][] invert(double[][] a) {
        double[][] identity = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            identity[i][i] = 1;
        }
        return solve(a, identity);
    }

    private static void swap(double[][] rows, int i, int j) {
        double[] row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
    }

    private static void subtract(double[] row, double share, double[] other) {
        if (share != 0) {
            for (int j = 0; j < row.length; j++) {
                row[j] -= share * other[j];
            }
        }
    }
}
