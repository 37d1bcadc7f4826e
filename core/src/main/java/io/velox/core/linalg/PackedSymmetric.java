package io.velox.core.linalg;

/**
 * A symmetric d×d matrix as the d(d+1)/2 entries of its lower triangle, row by row: element (i, j), j ≤ i, is at i(i+1)/2 + j.
 *
 * <p>The operations are plain loops over one {@code double[]}: at the sizes of one user's model they beat a call into a native
 * library.
 */
public final class PackedSymmetric {
    private PackedSymmetric() {}

    /** The number of entries of a d×d matrix. */
    public static int length(int d) {
        return d * (d + 1) / 2;
    }

    public static int index(int i, int j) {
        return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
    }

    /** {@code value · I}. */
    public static double[] diagonal(int d, double value) {
        double[] a = new double[length(d)];
        for (int i = 0; i < d; i++) {
            a[index(i, i)] = value;
        }
        return a;
    }

    /** Packs a full matrix, of which only the lower triangle is read. */
    public static double[] pack(double[][] full) {
        int d = full.length;
        double[] a = new double[length(d)];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                a[k++] = full[i][j];
            }
        }
        return a;
    }

    public static double[][] unpack(double[] a, int d) {
        double[][] full = new double[d][d];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j <= i; j++, k++) {
                full[i][j] = a[k];
                full[j][i] = a[k];
            }
        }
        return full;
    }

    /** {@code out = A x}, in O(d²); {@code out} is another array than {@code x}. */
    public static void multiply(double[] a, double[] x, double[] out) {
        int d = x.length;
        for (int i = 0, k = 0; i < d; i++) {
            double sum = 0;
            double xi = x[i];
            for (int j = 0; j < i; j++, k++) {
                sum += a[k] * x[j];
                out[j] += a[k] * xi;
            }
            out[i] = sum + a[k++] * xi;
        }
    }

    /** {@code A ← A + alpha · x xᵀ}, in O(d²). */
    public static void addOuter(double[] a, double alpha, double[] x) {
        int d = x.length;
        for (int i = 0, k = 0; i < d; i++) {
            double xi = alpha * x[i];
            for (int j = 0; j <= i; j++) {
                a[k++] += xi * x[j];
            }
        }
    }

    /** {@code xᵀ A x}. */
    public static double quadratic(double[] a, double[] x) {
        int d = x.length;
        double sum = 0;
        for (int i = 0, k = 0; i < d; i++) {
            double row = 0;
            for (int j = 0; j < i; j++) {
                row += a[k++] * x[j];
            }
            sum += x[i] * (2 * row + a[k++] * x[i]);
        }
        return sum;
    }

    /** {@code tr(A B)} of two symmetric d×d matrices, in O(d²). */
    public static double traceOfProduct(double[] a, double[] b, int d) {
        double trace = 0;
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j < i; j++, k++) {
                trace += 2 * a[k] * b[k];
            }
            trace += a[k] * b[k];
            k++;
        }
        return trace;
    }

    /** {@code ‖A‖∞}, the largest sum of absolute values in a row. */
    public static double maxRowSum(double[] a, int d) {
        double[] sums = new double[d];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j < i; j++, k++) {
                sums[i] += Math.abs(a[k]);
                sums[j] += Math.abs(a[k]);
            }
            sums[i] += Math.abs(a[k++]);
        }
        double max = 0;
        for (double sum : sums) {
            max = Math.max(max, sum);
        }
        return max;
    }
}
