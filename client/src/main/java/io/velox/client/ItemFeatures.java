package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An item as one version sees it: {@code score = offset + weights·features}.
 *
 * @param features d numbers, owned by this record
 * @param noise τ, what the version does not know about the item itself
 */
@SuppressWarnings("ArrayRecordComponent") // a plain picture of the answer, compared by nobody
public record ItemFeatures(JsonNode item, int version, double[] features, double offset, double noise) {
    /** The score of a user with these weights. */
    public double score(double[] weights) {
        if (weights.length != features.length) {
            throw new IllegalArgumentException(
                    "weights must have dimension " + features.length + ", but have " + weights.length);
        }
        double score = offset;
        for (int i = 0; i < weights.length; i++) {
            score += weights[i] * features[i];
        }
        return score;
    }
}
