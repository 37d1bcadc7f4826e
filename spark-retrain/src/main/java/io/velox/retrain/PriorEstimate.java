package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;

/** The prior of users' weights, from the weights that training gave them. */
final class PriorEstimate {
    /** What is added to the diagonal of a Gaussian prior's covariance, as a share of its mean: bounds the condition number. */
    static final double JITTER = 1e-2;

    /** The least variance, for one user, or for users that do not differ. */
    static final double MIN_VARIANCE = 1e-4;

    private PriorEstimate() {}

    static Prior of(PriorKind kind, WeightMoments users) {
        return of(kind, users.mean(), users.covariance());
    }

    /** That of a polish: its Gaussian as it is, and the other kinds by its mean and covariance. */
    static Prior of(PriorKind kind, Prior polished) {
        return kind == PriorKind.GAUSSIAN ? polished : of(kind, polished.mean(), polished.packedCovariance());
    }

    private static Prior of(PriorKind kind, double[] mean, double[] covariance) {
        int d = mean.length;
        double spread = meanDiagonal(covariance, d);
        return switch (kind) {
            case ZERO -> {
                double square = 0;
                for (double m : mean) {
                    square += m * m;
                }
                yield Prior.zero(d, Math.max(MIN_VARIANCE, spread + square / d));
            }
            case MEAN -> Prior.mean(mean, Math.max(MIN_VARIANCE, spread));
            case GAUSSIAN -> {
                double jitter = Math.max(MIN_VARIANCE, JITTER * spread);
                for (int i = 0; i < d; i++) {
                    covariance[PackedSymmetric.index(i, i)] += jitter;
                }
                yield Prior.gaussian(mean, covariance);
            }
        };
    }

    private static double meanDiagonal(double[] packed, int d) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
            sum += packed[PackedSymmetric.index(i, i)];
        }
        return sum / d;
    }
}
