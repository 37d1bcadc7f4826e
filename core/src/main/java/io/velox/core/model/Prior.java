package io.velox.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.UdFactor;
import java.util.Arrays;
import java.util.Objects;

/**
 * The distribution {@code N(m, S)} that every user's weights start from. Immutable; every kind is a mean (length d) and a covariance
 * (d×d, positive definite).
 */
public final class Prior {
    private final PriorKind kind;
    private final double[] mean;
    private final double[] covariance;
    private final double[] factor;

    private Prior(PriorKind kind, double[] mean, double[] packedCovariance) {
        this.kind = kind;
        this.mean = mean;
        this.covariance = packedCovariance;
        if (mean.length == 0 || packedCovariance.length != PackedSymmetric.length(mean.length)) {
            throw new IllegalArgumentException("covariance must be d×d for the mean of length d = " + mean.length);
        }
        if (!Arrays.stream(mean).allMatch(Double::isFinite)
                || !Arrays.stream(packedCovariance).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("a prior must be finite");
        }
        this.factor = UdFactor.of(packedCovariance, mean.length); // refuses what is no covariance
    }

    /** {@code N(0, variance · I)}. With noise σ² this is ridge regression with λ = σ²/variance. */
    public static Prior zero(int dimension, double variance) {
        checkVariance(variance);
        return new Prior(PriorKind.ZERO, new double[dimension], PackedSymmetric.diagonal(dimension, variance));
    }

    /** {@code N(mean, variance · I)}. */
    public static Prior mean(double[] mean, double variance) {
        checkVariance(variance);
        return new Prior(PriorKind.MEAN, mean.clone(), PackedSymmetric.diagonal(mean.length, variance));
    }

    /** {@code N(mean, S)}, with S packed (see {@link PackedSymmetric}). */
    public static Prior gaussian(double[] mean, double[] packedCovariance) {
        return new Prior(PriorKind.GAUSSIAN, mean.clone(), packedCovariance.clone());
    }

    @JsonCreator
    static Prior ofJson(
            @JsonProperty(value = "kind", required = true) PriorKind kind,
            @JsonProperty(value = "mean", required = true) double[] mean,
            @JsonProperty(value = "covariance", required = true) double[][] covariance) {
        Prior prior = new Prior(kind, mean.clone(), PackedSymmetric.pack(checkedSymmetric(covariance)));
        boolean fits =
                switch (kind) {
                    case ZERO -> prior.equals(zero(mean.length, covariance[0][0]));
                    case MEAN -> prior.equals(mean(mean, covariance[0][0]));
                    case GAUSSIAN -> true;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    "a prior of kind zero has no mean but zero, and one of kind zero or mean an isotropic covariance");
        }
        return prior;
    }

    private static double[][] checkedSymmetric(double[][] matrix) {
        for (int i = 0; i < matrix.length; i++) {
            if (matrix[i].length != matrix.length) {
                throw new IllegalArgumentException("covariance must be square, but has " + matrix.length
                        + " rows, one of length " + matrix[i].length);
            }
            for (int j = 0; j < i; j++) {
                if (matrix[i][j] != matrix[j][i]) {
                    throw new IllegalArgumentException("covariance must be symmetric, but has " + matrix[i][j] + " and "
                            + matrix[j][i] + " at [" + i + "][" + j + "]");
                }
            }
        }
        return matrix;
    }

    private static void checkVariance(double variance) {
        if (!(variance > 0) || !Double.isFinite(variance)) {
            throw new IllegalArgumentException("variance must be positive and finite, but got " + variance);
        }
    }

    @JsonProperty("kind")
    public PriorKind kind() {
        return kind;
    }

    /** A copy of m. */
    @JsonProperty("mean")
    public double[] mean() {
        return mean.clone();
    }

    /** A copy of S, as rows. */
    @JsonProperty("covariance")
    public double[][] covariance() {
        return PackedSymmetric.unpack(covariance, mean.length);
    }

    /** A copy of S, packed. */
    public double[] packedCovariance() {
        return covariance.clone();
    }

    /** A copy of S as its factors (see {@link UdFactor}): what a learner starts from. */
    public double[] covarianceFactor() {
        return factor.clone();
    }

    public int dimension() {
        return mean.length;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Prior other
                && kind == other.kind
                && Arrays.equals(mean, other.mean)
                && Arrays.equals(covariance, other.covariance);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, Arrays.hashCode(mean), Arrays.hashCode(covariance));
    }

    @Override
    public String toString() {
        return "Prior[" + kind + ", d=" + mean.length + "]";
    }
}
