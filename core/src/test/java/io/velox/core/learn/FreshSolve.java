package io.velox.core.learn;

/**
 * The posterior from scratch, for comparison: the normal equations by Gaussian elimination with partial pivoting, in double-double
 * arithmetic (about 31 digits), so that the comparison does not lose what it wants to see.
 */
final class FreshSolve {
    private final int d;
    private final double[][] high; // Σ f fᵀ/(σ²+τ), then Σ f (y−o)/(σ²+τ) in column d
    private final double[][] low;
    private double resultHigh;
    private double resultLow;

    FreshSolve(int d) {
        this.d = d;
        this.high = new double[d][d + 1];
        this.low = new double[d][d + 1];
    }

    void add(double[] f, double offset, double variance, double label) {
        for (int i = 0; i < d; i++) {
            divide(f[i], 0, variance, 0);
            double weightHigh = resultHigh;
            double weightLow = resultLow;
            for (int j = 0; j <= d; j++) {
                if (j < d) {
                    multiply(weightHigh, weightLow, f[j], 0);
                } else {
                    add(label, 0, -offset, 0);
                    multiply(weightHigh, weightLow, resultHigh, resultLow);
                }
                add(high[i][j], low[i][j], resultHigh, resultLow);
                high[i][j] = resultHigh;
                low[i][j] = resultLow;
            }
        }
    }

    /** Row 0: the mean; rows 1 to d: the covariance. */
    double[][] posterior(double[] mean, double[][] covariance) {
        double[][] precision = new double[d][2 * d];
        double[][] precisionLow = new double[d][2 * d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(covariance[i], 0, precision[i], 0, d);
            precision[i][d + i] = 1;
        }
        eliminate(precision, precisionLow);
        double[][] a = new double[d][2 * d + 1];
        double[][] aLow = new double[d][2 * d + 1];
        for (int i = 0; i < d; i++) {
            double sumHigh = high[i][d];
            double sumLow = low[i][d];
            for (int j = 0; j < d; j++) {
                double sHigh = precision[i][d + j];
                double sLow = precisionLow[i][d + j];
                add(high[i][j], low[i][j], sHigh, sLow);
                a[i][j] = resultHigh;
                aLow[i][j] = resultLow;
                multiply(sHigh, sLow, mean[j], 0);
                add(sumHigh, sumLow, resultHigh, resultLow);
                sumHigh = resultHigh;
                sumLow = resultLow;
            }
            a[i][d] = sumHigh;
            aLow[i][d] = sumLow;
            a[i][d + 1 + i] = 1;
        }
        eliminate(a, aLow);
        double[][] posterior = new double[d + 1][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= d; j++) {
                posterior[j][i] = a[i][d + j];
            }
        }
        return posterior;
    }

    /** Gauss–Jordan: the first d columns become the identity. */
    private void eliminate(double[][] a, double[][] aLow) {
        int columns = a[0].length;
        for (int p = 0; p < d; p++) {
            int best = p;
            for (int i = p + 1; i < d; i++) {
                if (Math.abs(a[i][p]) > Math.abs(a[best][p])) {
                    best = i;
                }
            }
            swap(a, p, best);
            swap(aLow, p, best);
            double pivotHigh = a[p][p];
            double pivotLow = aLow[p][p];
            for (int j = p; j < columns; j++) {
                divide(a[p][j], aLow[p][j], pivotHigh, pivotLow);
                a[p][j] = resultHigh;
                aLow[p][j] = resultLow;
            }
            for (int i = 0; i < d; i++) {
                double factorHigh = a[i][p];
                double factorLow = aLow[i][p];
                if (i == p || factorHigh == 0) {
                    continue;
                }
                for (int j = p; j < columns; j++) {
                    multiply(factorHigh, factorLow, a[p][j], aLow[p][j]);
                    add(a[i][j], aLow[i][j], -resultHigh, -resultLow);
                    a[i][j] = resultHigh;
                    aLow[i][j] = resultLow;
                }
            }
        }
    }

    private static void swap(double[][] a, int i, int j) {
        double[] row = a[i];
        a[i] = a[j];
        a[j] = row;
    }

    private void add(double aHigh, double aLow, double bHigh, double bLow) {
        double sum = aHigh + bHigh;
        double part = sum - aHigh;
        double error = (aHigh - (sum - part)) + (bHigh - part) + aLow + bLow;
        resultHigh = sum + error;
        resultLow = error - (resultHigh - sum);
    }

    private void multiply(double aHigh, double aLow, double bHigh, double bLow) {
        double product = aHigh * bHigh;
        double error = Math.fma(aHigh, bHigh, -product) + aHigh * bLow + aLow * bHigh;
        resultHigh = product + error;
        resultLow = error - (resultHigh - product);
    }

    private void divide(double aHigh, double aLow, double bHigh, double bLow) {
        double quotient = aHigh / bHigh;
        double product = quotient * bHigh;
        double rest = (aHigh - product) - (Math.fma(quotient, bHigh, -product) + quotient * bLow) + aLow;
        double correction = rest / bHigh;
        resultHigh = quotient + correction;
        resultLow = correction - (resultHigh - quotient);
    }
}
