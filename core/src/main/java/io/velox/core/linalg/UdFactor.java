package io.velox.core.linalg;

/**
 * A covariance {@code C = U D Uᵀ} as its factors: U unit upper triangular, D diagonal and positive, in d(d+1)/2 entries column by
 * column. Element (i, j) of U, i &lt; j, is at j(j+1)/2 + i, and the diagonal of D takes the place of U's ones.
 *
 * <p>Updating the factors costs what updating C costs, and keeps C positive definite whatever the rounding; updating C itself loses
 * digits where the prior is wide and the features are large.
 *
 * <p>Source: Bierman 1976, Measurement updating using the U-D factorization.
 */
public final class UdFactor {
    private UdFactor() {}

    /**
     * Factorises a packed matrix (see {@link PackedSymmetric}), in O(d³).
     *
     * @throws IllegalArgumentException if it is not positive definite, with the pivot that shows it
     */
    public static double[] of(double[] a, int d) {
        double[] ud = a.clone();
        for (int j = d - 1; j >= 0; j--) {
            int column = PackedSymmetric.index(j, 0);
            double pivot = ud[column + j];
            if (!(pivot > 0) || !Double.isFinite(pivot)) {
                throw new IllegalArgumentException("matrix is not positive definite: pivot " + j + " is " + pivot);
            }
            for (int k = 0; k < j; k++) {
                int other = PackedSymmetric.index(k, 0);
                double u = ud[column + k] / pivot;
                for (int i = 0; i <= k; i++) {
                    ud[other + i] -= u * ud[column + i];
                }
            }
            for (int i = 0; i < j; i++) {
                ud[column + i] /= pivot;
            }
        }
        return ud;
    }

    /** C itself, packed, in O(d³). */
    public static double[] product(double[] ud, int d) {
        double[] c = new double[PackedSymmetric.length(d)];
        double[] scaled = new double[d];
        for (int k = 0, column = 0; k < d; column += ++k) {
            double pivot = ud[column + k];
            for (int i = 0; i < k; i++) {
                scaled[i] = pivot * ud[column + i];
            }
            for (int i = 0, at = 0; i < k; i++) {
                for (int j = 0; j <= i; j++) {
                    c[at++] += ud[column + i] * scaled[j];
                }
            }
            for (int j = 0; j < k; j++) {
                c[column + j] += scaled[j];
            }
            c[column + k] += pivot;
        }
        return c;
    }

    /** {@code xᵀ C x}: never negative. */
    public static double quadratic(double[] ud, double[] x) {
        double sum = 0;
        for (int j = 0, k = 0; j < x.length; j++) {
            double f = x[j];
            for (int i = 0; i < j; i++) {
                f += ud[k++] * x[i];
            }
            sum += ud[k++] * f * f;
        }
        return sum;
    }

    /** {@code C x}, of the length of x. */
    public static double[] times(double[] ud, double[] x) {
        double[] product = new double[x.length];
        for (int j = 0, column = 0; j < x.length; column += ++j) {
            double f = x[j];
            for (int i = 0; i < j; i++) {
                f += ud[column + i] * x[i];
            }
            double g = ud[column + j] * f;
            for (int i = 0; i < j; i++) {
                product[i] += ud[column + i] * g;
            }
            product[j] = g;
        }
        return product;
    }

    /** {@code U √D z}, of the length of z: has the covariance C when z is standard normal. */
    public static double[] spread(double[] ud, double[] z) {
        double[] spread = new double[z.length];
        for (int j = 0, column = 0; j < z.length; column += ++j) {
            double scaled = Math.sqrt(ud[column + j]) * z[j];
            for (int i = 0; i < j; i++) {
                spread[i] += ud[column + i] * scaled;
            }
            spread[j] = scaled;
        }
        return spread;
    }

    /**
     * {@code C ← C − C x (C x)ᵀ/α} with {@code α = variance + xᵀ C x}: the covariance after x was observed with noise of the given
     * variance, in O(d²).
     *
     * @param variance positive
     * @param gain receives {@code C x} of the covariance before; of the length of x
     * @return α
     */
    public static double observe(double[] ud, double[] x, double variance, double[] gain) {
        double alpha = variance;
        for (int j = 0, column = 0; j < x.length; j++) {
            double f = x[j];
            for (int i = 0; i < j; i++) {
                f += ud[column + i] * x[i];
            }
            double g = ud[column + j] * f;
            double before = alpha;
            alpha += f * g;
            double lambda = -f / before;
            for (int i = 0; i < j; i++) {
                double u = ud[column + i];
                ud[column + i] = u + lambda * gain[i];
                gain[i] += g * u;
            }
            gain[j] = g;
            ud[column + j] *= before / alpha;
            column += j + 1;
        }
        return alpha;
    }
}
