package io.velox.core.item;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.PositiveDefinite;

/**
 * The sums of a weighted ridge regression of d outputs on p inputs and a constant 1 after them: {@code Σ w x xᵀ} and {@code Σ w x yᵀ}.
 * Single writer.
 */
final class NormalEquations {
    private final int inputs;
    private final double[] gram;
    private final double[][] moments; // by output, of length p + 1

    NormalEquations(int inputs, int outputs) {
        this.inputs = inputs;
        this.gram = new double[PackedSymmetric.length(inputs + 1)];
        this.moments = new double[outputs][inputs + 1];
    }

    /** Adds one row, in O(k² + k·d) for k inputs that are not 0. */
    void add(SparseInputs x, double weight, double[] y) {
        int[] places = x.places();
        int constantRow = PackedSymmetric.length(inputs);
        for (int a = 0; a < places.length; a++) {
            double weighted = weight * x.values()[a];
            int row = PackedSymmetric.length(places[a]);
            for (int b = 0; b <= a; b++) {
                gram[row + places[b]] += weighted * x.values()[b];
            }
            gram[constantRow + places[a]] += weighted;
            for (int j = 0; j < y.length; j++) {
                moments[j][places[a]] += weighted * y[j];
            }
        }
        gram[constantRow + inputs] += weight;
        for (int j = 0; j < y.length; j++) {
            moments[j][inputs] += weight * y[j];
        }
    }

    /** Adds (1) or takes away (−1) the rows of another. */
    void add(NormalEquations other, int sign) {
        for (int k = 0; k < gram.length; k++) {
            gram[k] += sign * other.gram[k];
        }
        for (int j = 0; j < moments.length; j++) {
            for (int i = 0; i <= inputs; i++) {
                moments[j][i] += sign * other.moments[j][i];
            }
        }
    }

    double weight() {
        return gram[gram.length - 1];
    }

    /** The weighted mean of the outputs. */
    double[] mean() {
        double[] mean = new double[moments.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = moments[j][inputs] / weight();
        }
        return mean;
    }

    /**
     * The coefficients: a row of length d for each input, and last that of the constant, which is not penalised.
     *
     * @param penalty λ, positive
     */
    double[][] solve(double penalty) {
        double[] penalised = gram.clone();
        for (int i = 0; i < inputs; i++) {
            penalised[PackedSymmetric.index(i, i)] += penalty;
        }
        double[][] columns = PositiveDefinite.solveAll(penalised, inputs + 1, moments);
        double[][] rows = new double[inputs + 1][moments.length];
        for (int j = 0; j < moments.length; j++) {
            for (int i = 0; i <= inputs; i++) {
                rows[i][j] = columns[j][i];
            }
        }
        return rows;
    }
}
