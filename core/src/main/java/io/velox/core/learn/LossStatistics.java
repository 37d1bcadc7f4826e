package io.velox.core.learn;

/** The mean of a loss over some observations, kept so that it can be added to and merged. Immutable. */
public record LossStatistics(long count, double sum) {
    public static final LossStatistics NONE = new LossStatistics(0, 0);

    public LossStatistics {
        if (count < 0 || !Double.isFinite(sum)) {
            throw new IllegalArgumentException(
                    "count must not be negative and sum must be finite, but got " + count + " and " + sum);
        }
    }

    public LossStatistics plus(double loss) {
        return new LossStatistics(count + 1, sum + loss);
    }

    public LossStatistics plus(LossStatistics other) {
        return new LossStatistics(count + other.count, sum + other.sum);
    }

    /** 0 when nothing was observed. */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }
}
