package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import java.io.Serializable;

/**
 * Mean and covariance of vectors of length d, taken up one by one and merged (Welford; Chan, Golub and LeVeque). Single writer.
 */
final class WeightMoments implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] mean;
    private final double[] scatter;
    private long count;

    WeightMoments(int dimension) {
        this.mean = new double[dimension];
        this.scatter = new double[PackedSymmetric.length(dimension)];
    }

    void add(double[] x) {
        count++;
        double[] distance = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            distance[i] = x[i] - mean[i];
            mean[i] += distance[i] / count;
        }
        PackedSymmetric.addOuter(scatter, (count - 1.0) / count, distance);
    }

    void merge(WeightMoments other) {
        if (other.count == 0) {
            return;
        }
        double total = count + other.count;
        double[] distance = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            distance[i] = other.mean[i] - mean[i];
            mean[i] += distance[i] * other.count / total;
        }
        for (int k = 0; k < scatter.length; k++) {
            scatter[k] += other.scatter[k];
        }
        PackedSymmetric.addOuter(scatter, count * (other.count / total), distance);
        count += other.count;
    }

    long count() {
        return count;
    }

    double[] mean() {
        return mean.clone();
    }

    /** Packed, divided by the number of vectors; zeros for fewer than two. */
    double[] covariance() {
        double[] covariance = new double[scatter.length];
        for (int k = 0; k < scatter.length; k++) {
            covariance[k] = count == 0 ? 0 : scatter[k] / count;
        }
        return covariance;
    }
}
