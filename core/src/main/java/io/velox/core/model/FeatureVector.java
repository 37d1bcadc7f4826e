package io.velox.core.model;

/**
 * What a model knows of one item: {@code f(x)}, its offset {@code o(x)}, and what is not yet known about the item itself as extra
 * noise {@code τ(x)}.
 *
 * <p>Takes ownership of {@code values} (length d); nobody writes to it afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // one of these per learnt observation: compared by nobody, copied never
public record FeatureVector(double[] values, double offset, double noise) {
    public int dimension() {
        return values.length;
    }

    /** {@code o(x) + wᵀ f(x)}; {@code weights} has the length of {@link #values}. */
    public double score(double[] weights) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
        }
        return offset + sum;
    }
}
