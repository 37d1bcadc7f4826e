package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model version is.
 *
 * @param dimension d, the length of features and weights
 * @param noise σ²
 * @param inputs of a linear model; null for others
 * @param metrics what training measured, such as {@code heldOutRmse}
 */
public record Manifest(
        String model,
        int version,
        @Nullable String kind,
        @Nullable String state,
        int dimension,
        Prior prior,
        double noise,
        @Nullable JsonNode inputs,
        Map<String, Double> metrics) {
    /**
     * Where every user's weights start: N(mean, covariance).
     *
     * @param kind {@code zero}, {@code mean} or {@code gaussian}
     * @param mean d numbers, owned by this record
     * @param covariance d × d, owned by this record
     */
    @SuppressWarnings("ArrayRecordComponent") // a plain picture of the answer, compared by nobody
    public record Prior(String kind, double[] mean, double[][] covariance) {}
}
