package io.velox.core.linalg;

/** A bound of the largest eigenvalue of a positive semidefinite matrix. */
public final class LargestEigenvalue {
    /** Of the power method, which only has to come near: what it lacks is made up for by the factor below. */
    private static final int ITERATIONS = 12;

    private static final double GROWTH = 1.05;

    private LargestEigenvalue() {}

    /**
     * A number that no eigenvalue is above, and that is rarely more than a few percent above the largest, in O(d³).
     *
     * <p>The power method finds about how large it is; λ is a bound when {@code λI − A} has a factorisation, so a λ that has none grows.
     *
     * @param a packed (see {@link PackedSymmetric}), positive semidefinite
     */
    public static double bound(double[] a, int d) {
        double most = PackedSymmetric.maxRowSum(a, d); // a bound of every matrix
        // No element of the diagonal is above it, wherever the power method got to.
        double least = Math.max(byPowers(a, d), largestOfDiagonal(a, d));
        double bound = Math.min(most, GROWTH * least);
        while (bound < most && !isBound(a, d, bound)) {
            bound *= GROWTH;
        }
        return Math.min(bound, most);
    }

    /** At most the largest eigenvalue, but for rounding. */
    private static double byPowers(double[] a, int d) {
        double[] x = new double[d];
        // No direction is orthogonal to all of it that a covariance is likely to have.
        for (int i = 0; i < d; i++) {
            x[i] = Math.sqrt(a[PackedSymmetric.index(i, i)]) * (i % 2 == 0 ? 1 : 0.7);
        }
        double norm = 0;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double length = norm(x);
            if (!(length > 0)) {
                return 0;
            }
            double[] product = new double[d];
            for (int i = 0; i < d; i++) {
                x[i] /= length;
            }
            PackedSymmetric.multiply(a, x, product);
            norm = norm(product);
            x = product;
        }
        return norm;
    }

    private static double largestOfDiagonal(double[] a, int d) {
        double largest = 0;
        for (int i = 0; i < d; i++) {
            largest = Math.max(largest, a[PackedSymmetric.index(i, i)]);
        }
        return largest;
    }

    private static double norm(double[] x) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static boolean isBound(double[] a, int d, double lambda) {
        double[] rest = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            rest[i] = -a[i];
        }
        for (int i = 0; i < d; i++) {
            rest[PackedSymmetric.index(i, i)] += lambda;
        }
        try {
            var unused = UdFactor.of(rest, d);
            return true;
        } catch (IllegalArgumentException e) { // not positive definite
            return false;
        }
    }
}
