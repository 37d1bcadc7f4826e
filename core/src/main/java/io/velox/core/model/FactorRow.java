package io.velox.core.model;

/**
 * One row of a table of factors that is not in memory as a whole: an item's features (length d), offset and noise. Owns its array;
 * nobody writes to it.
 */
@SuppressWarnings("ArrayRecordComponent") // kept in caches by the item's id; compared by nobody
public record FactorRow(float[] features, float offset, float noise) {
    public int dimension() {
        return features.length;
    }

    /** {@code o + wᵀf}, to the same bits as {@link FactorTable#score} and {@link FeatureVector#score}. */
    public double score(double[] weights) {
        double sum = 0;
        for (int i = 0; i < features.length; i++) {
            sum += weights[i] * features[i];
        }
        return offset + sum;
    }

    public FeatureVector vector() {
        double[] values = new double[features.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = features[i];
        }
        return new FeatureVector(values, offset, noise);
    }
}
