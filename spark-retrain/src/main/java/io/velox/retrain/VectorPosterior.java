package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import java.io.Serializable;

/**
 * What is known of the vector {@code [factor, bias]} of one user or item: {@code N(m, C)}.
 *
 * @param mean of length d = rank + 1
 * @param covariance packed (see {@link PackedSymmetric})
 */
@SuppressWarnings("ArrayRecordComponent") // one per item, passed from stage to stage; never compared
record VectorPosterior(double[] mean, double[] covariance) implements Serializable {
    static VectorPosterior of(Prior prior) {
        return new VectorPosterior(prior.mean(), prior.packedCovariance());
    }

    int rank() {
        return mean.length - 1;
    }

    /**
     * {@code E[x xᵀ]} of {@code x = [factor, 1, bias]}, packed. Its leading block is that of {@code [factor, 1]}, by which the other
     * side's vector is multiplied.
     */
    double[] moments() {
        int rank = rank();
        double[] moments = new double[PackedSymmetric.length(rank + 2)];
        int k = 0;
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j <= i; j++, k++) {
                moments[k] = covariance[k] + mean[i] * mean[j];
            }
        }
        int biasRow = k; // of the covariance, which has no row for the constant
        for (int j = 0; j < rank; j++) {
            moments[k++] = mean[j];
        }
        moments[k++] = 1;
        double bias = mean[rank];
        for (int j = 0; j < rank; j++) {
            moments[k++] = covariance[biasRow + j] + bias * mean[j];
        }
        moments[k++] = bias;
        moments[k] = covariance[biasRow + rank] + bias * bias;
        return moments;
    }

    /** {@code tr(C E[z zᵀ])} for the other side's {@code z = [factor, 1]}: the variance that this side alone gives a rating. */
    double variance(double[] otherMoments) {
        return PackedSymmetric.traceOfProduct(covariance, otherMoments, mean.length);
    }
}
