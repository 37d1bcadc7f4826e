package io.velox.retrain;

import io.velox.core.model.Prior;

/**
 * The same model by full matrices and one rating after another: users, then items, then prior and noise of each, as dense arrays.
 *
 * <p>Expectations of products are taken entry by entry over {@code [factor, bias]}, with no sums shared between users and items.
 */
final class VariationalOracle {
    final double[][] label; // NaN where there is none
    final double globalMean;
    final int d;
    final double[][] userMean;
    final double[][] itemMean;
    final double[][][] userCovariance;
    final double[][][] itemCovariance;
    double noise;
    double[] userPriorMean;
    double[][] userPriorCovariance;
    double[] ratersMean;
    double[][] ratersCovariance;
    double[] itemPriorMean;
    double[][] itemPriorCovariance;

    VariationalOracle(
            double[][] label, double globalMean, Prior users, Prior items, double noise, double[][] itemMean) {
        this.label = label;
        this.globalMean = globalMean;
        this.d = users.dimension();
        this.noise = noise;
        this.userPriorMean = users.mean();
        this.userPriorCovariance = users.covariance();
        this.ratersMean = users.mean();
        this.ratersCovariance = users.covariance();
        this.itemPriorMean = items.mean();
        this.itemPriorCovariance = items.covariance();
        this.itemMean = itemMean;
        this.userMean = new double[label.length][d];
        this.userCovariance = new double[label.length][d][d];
        this.itemCovariance = new double[itemMean.length][d][d];
    }

    void updateUsers() {
        for (int u = 0; u < label.length; u++) {
            double[][] precision = inverse(userPriorCovariance);
            double[] moment = times(precision, userPriorMean);
            for (int i = 0; i < itemMean.length; i++) {
                addRating(precision, moment, label[u][i], itemMean[i], itemCovariance[i]);
            }
            userCovariance[u] = inverse(precision);
            userMean[u] = times(userCovariance[u], moment);
        }
        userPriorMean = mean(userMean);
        userPriorCovariance = covariance(userMean, userCovariance, userPriorMean);
        noise = expectedSquare();
        ratersMean = asOneUser();
        ratersCovariance = covariance(userMean, userCovariance, ratersMean);
    }

    /** The posterior mean of one user to whom all ratings belong. */
    private double[] asOneUser() {
        double[][] precision = inverse(userPriorCovariance);
        double[] moment = times(precision, userPriorMean);
        for (double[] row : label) {
            for (int i = 0; i < itemMean.length; i++) {
                addRating(precision, moment, row[i], itemMean[i], itemCovariance[i]);
            }
        }
        return times(inverse(precision), moment);
    }

    void updateItems() {
        for (int i = 0; i < itemMean.length; i++) {
            double[][] precision = inverse(itemPriorCovariance);
            double[] moment = times(precision, itemPriorMean);
            for (int u = 0; u < label.length; u++) {
                addRating(precision, moment, label[u][i], userMean[u], userCovariance[u]);
            }
            itemCovariance[i] = inverse(precision);
            itemMean[i] = times(itemCovariance[i], moment);
        }
        itemPriorMean = mean(itemMean);
        itemPriorCovariance = covariance(itemMean, itemCovariance, itemPriorMean);
        noise = expectedSquare();
    }

    /** The unknown vector multiplies z = [factor, 1] of the other side, whose bias is taken off the label. */
    private void addRating(double[][] precision, double[] moment, double y, double[] other, double[][] covariance) {
        if (Double.isNaN(y)) {
            return;
        }
        int bias = d - 1;
        for (int a = 0; a < d; a++) {
            double za = a == bias ? 1 : other[a];
            double biasCovariance = a == bias ? 0 : covariance[a][bias];
            moment[a] += (za * (y - globalMean - other[bias]) - biasCovariance) / noise;
            for (int b = 0; b < d; b++) {
                double zb = b == bias ? 1 : other[b];
                double c = a == bias || b == bias ? 0 : covariance[a][b];
                precision[a][b] += (za * zb + c) / noise;
            }
        }
    }

    /** The mean of E[(y − μ − p·q − b_u − b_i)²] by its variance: products of independent vectors, term by term. */
    private double expectedSquare() {
        double sum = 0;
        int n = 0;
        int bias = d - 1;
        for (int u = 0; u < label.length; u++) {
            for (int i = 0; i < itemMean.length; i++) {
                if (Double.isNaN(label[u][i])) {
                    continue;
                }
                double[] w = userMean[u];
                double[] v = itemMean[i];
                double[][] cw = userCovariance[u];
                double[][] cv = itemCovariance[i];
                double error = label[u][i] - globalMean - w[bias] - v[bias];
                double variance = cw[bias][bias] + cv[bias][bias];
                for (int a = 0; a < bias; a++) {
                    error -= w[a] * v[a];
                    variance += 2 * v[a] * cw[a][bias] + 2 * w[a] * cv[a][bias];
                    for (int b = 0; b < bias; b++) {
                        variance += cw[a][b] * cv[a][b] + v[a] * v[b] * cw[a][b] + w[a] * w[b] * cv[a][b];
                    }
                }
                sum += error * error + variance;
                n++;
            }
        }
        return sum / n;
    }

    private double[] mean(double[][] vectors) {
        double[] mean = new double[d];
        for (double[] vector : vectors) {
            for (int a = 0; a < d; a++) {
                mean[a] += vector[a] / vectors.length;
            }
        }
        return mean;
    }

    private double[][] covariance(double[][] vectors, double[][][] covariances, double[] mean) {
        double[][] total = new double[d][d];
        for (int n = 0; n < vectors.length; n++) {
            for (int a = 0; a < d; a++) {
                for (int b = 0; b < d; b++) {
                    double product = (vectors[n][a] - mean[a]) * (vectors[n][b] - mean[b]);
                    total[a][b] += (covariances[n][a][b] + product) / vectors.length;
                }
            }
        }
        return total;
    }

    private static double[] times(double[][] a, double[] x) {
        double[] product = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                product[i] += a[i][j] * x[j];
            }
        }
        return product;
    }

    /** By Gauss and Jordan. */
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int k = 0; k < n; k++) {
            double pivot = a[k][k];
            for (int j = 0; j < 2 * n; j++) {
                a[k][j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = a[i][k];
                for (int j = 0; j < 2 * n && i != k; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a[i], n, inverse[i], 0, n);
        }
        return inverse;
    }
}
