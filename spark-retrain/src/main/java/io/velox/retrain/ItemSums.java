package io.velox.retrain;

/**
 * The number of labels of each item, their sum and the sum of their squares, by the item's index; and the offsets that follow from
 * them. Immutable.
 *
 * @param count 0 for an item without ratings
 */
@SuppressWarnings("ArrayRecordComponent") // one per training; never compared
record ItemSums(long[] count, double[] sum, double[] squares) {
    /** An item's bias is estimated as if it had this many further ratings at the global mean. */
    static final double SHRINKAGE = 5;

    long ratings() {
        long n = 0;
        for (long c : count) {
            n += c;
        }
        return n;
    }

    /** Global mean plus {@code Σ(y − mean)/(n + k)}, by item; zeros without biases. */
    Offsets offsets(boolean itemBias) {
        float[] offsets = new float[count.length];
        if (itemBias) {
            double mean = mean();
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = (float) (mean + (sum[i] - count[i] * mean) / (count[i] + SHRINKAGE));
            }
        }
        return new Offsets(offsets, itemBias);
    }

    /** The mean square of {@code y − o}; without biases, of y about the global mean. */
    double variance(boolean itemBias) {
        float[] offsets = offsets(true).ofItems();
        double mean = mean();
        double total = 0;
        for (int i = 0; i < count.length; i++) {
            double center = itemBias ? offsets[i] : mean;
            total += squares[i] - 2 * center * sum[i] + count[i] * center * center;
        }
        return Math.max(0, total / ratings());
    }

    double mean() {
        double total = 0;
        for (double s : sum) {
            total += s;
        }
        return total / ratings();
    }
}
