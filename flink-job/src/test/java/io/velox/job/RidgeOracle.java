package io.velox.job;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import java.util.List;
import java.util.Map;

/** The ridge posterior mean from its definition, by Gaussian elimination, sharing no code with the learner. */
public final class RidgeOracle {
    private RidgeOracle() {}

    /** The w that solves {@code (S⁻¹ + Σ f fᵀ/(σ²+τ)) w = S⁻¹ m + Σ f (y−o)/(σ²+τ)}. */
    public static double[] weights(VeloxModel model, Map<Item, Double> labels) {
        return weights(model, List.copyOf(labels.entrySet()));
    }

    /** The same over observations of which several may be of one item. */
    public static double[] weights(VeloxModel model, List<Map.Entry<Item, Double>> observations) {
        int d = model.dimension();
        double[][] a = inverse(model.prior().covariance());
        double[] b = new double[d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                b[i] += a[i][j] * model.prior().mean()[j];
            }
        }
        for (Map.Entry<Item, Double> o : observations) {
            model.features(o.getKey()).ifPresent(f -> add(model, f, o.getValue(), a, b));
        }
        return solve(a, b);
    }

    private static void add(VeloxModel model, FeatureVector f, double label, double[][] a, double[] b) {
        double variance = model.noise() + f.noise();
        for (int i = 0; i < b.length; i++) {
            b[i] += f.values()[i] * (label - f.offset()) / variance;
            for (int j = 0; j < b.length; j++) {
                a[i][j] += f.values()[i] * f.values()[j] / variance;
            }
        }
    }

    private static double[][] inverse(double[][] matrix) {
        int d = matrix.length;
        double[][] inverse = new double[d][d];
        for (int j = 0; j < d; j++) {
            double[] unit = new double[d];
            unit[j] = 1;
            double[] column = solve(matrix, unit);
            for (int i = 0; i < d; i++) {
                inverse[i][j] = column[i];
            }
        }
        return inverse;
    }

    /** Gaussian elimination with partial pivoting. */
    private static double[] solve(double[][] matrix, double[] right) {
        int d = right.length;
        double[][] a = new double[d][];
        for (int i = 0; i < d; i++) {
            a[i] = matrix[i].clone();
        }
        double[] x = right.clone();
        for (int k = 0; k < d; k++) {
            int pivot = k;
            for (int i = k + 1; i < d; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] row = a[k];
            a[k] = a[pivot];
            a[pivot] = row;
            double value = x[k];
            x[k] = x[pivot];
            x[pivot] = value;
            for (int i = k + 1; i < d; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < d; j++) {
                    a[i][j] -= factor * a[k][j];
                }
                x[i] -= factor * x[k];
            }
        }
        for (int i = d - 1; i >= 0; i--) {
            for (int j = i + 1; j < d; j++) {
                x[i] -= a[i][j] * x[j];
            }
            x[i] /= a[i][i];
        }
        return x;
    }
}
