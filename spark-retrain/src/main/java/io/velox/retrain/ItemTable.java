package io.velox.retrain;

import io.velox.core.model.FeatureVector;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What a training made of the items, by their index: factors of length {@code rank}, an offset and, after a polish, a noise; nothing
 * for an item that training did not see. Written by one thread, then read by all.
 */
final class ItemTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int rank;
    private final Offsets offsets;
    private final float[][] factors;
    private final float[] noises;
    private final BitSet trained;

    ItemTable(int rank, Offsets offsets) {
        this.rank = rank;
        this.offsets = offsets;
        this.factors = new float[offsets.ofItems().length][];
        Arrays.setAll(factors, i -> new float[0]);
        this.noises = new float[factors.length];
        this.trained = new BitSet(factors.length);
    }

    void put(int item, float[] factor) {
        put(item, factor, 0);
    }

    void put(int item, float[] factor, float noise) {
        boolean isFinite = Float.isFinite(noise) && Float.isFinite(offset(item));
        for (float value : factor) {
            isFinite &= Float.isFinite(value);
        }
        if (!isFinite) {
            throw new IllegalStateException(
                    "the factorisation did not converge to finite numbers: raise --regularization");
        }
        factors[item] = factor;
        noises[item] = noise;
        trained.set(item);
    }

    int size() {
        return factors.length;
    }

    int rank() {
        return rank;
    }

    /** See {@link Offsets#userBias}. */
    double userBias(UserRatings ratings) {
        return offsets.userBias(ratings);
    }

    boolean has(int item) {
        return trained.get(item);
    }

    int trainedItems() {
        return trained.cardinality();
    }

    float offset(int item) {
        return offsets.ofItems()[item];
    }

    /** τ: what is not known of the item itself. */
    float noise(int item) {
        return noises[item];
    }

    /** {@code [factor, 1]}, as the store keeps it. */
    float[] row(int item) {
        float[] row = Arrays.copyOf(factors[item], rank + 1);
        row[rank] = 1;
        return row;
    }

    /** {@code [factor, 1]}, as the learner takes it. */
    FeatureVector features(int item) {
        double[] values = new double[rank + 1];
        float[] factor = factors[item];
        for (int i = 0; i < rank; i++) {
            values[i] = factor[i];
        }
        values[rank] = 1;
        return new FeatureVector(values, offset(item), noises[item]);
    }
}
