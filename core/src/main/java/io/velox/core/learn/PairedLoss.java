package io.velox.core.learn;

/**
 * The losses of two versions over the same observations, each scored by both before it was learnt. Immutable.
 *
 * @param first the sum of the first version's losses
 * @param second the sum of the second version's losses
 * @param squaredDifference the sum of {@code (loss of the second − loss of the first)²}
 */
public record PairedLoss(long count, double first, double second, double squaredDifference) {
    public static final PairedLoss NONE = new PairedLoss(0, 0, 0, 0);

    public PairedLoss {
        if (count < 0 || !Double.isFinite(first) || !Double.isFinite(second) || !Double.isFinite(squaredDifference)) {
            throw new IllegalArgumentException("count must not be negative, and sums must be finite, but got " + count
                    + ", " + first + ", " + second + " and " + squaredDifference);
        }
    }

    /** Whether one observation more leaves every sum finite. */
    public boolean canTake(double lossOfFirst, double lossOfSecond) {
        double difference = lossOfSecond - lossOfFirst;
        return Double.isFinite(first + lossOfFirst)
                && Double.isFinite(second + lossOfSecond)
                && Double.isFinite(squaredDifference + difference * difference);
    }

    public PairedLoss plus(double lossOfFirst, double lossOfSecond) {
        double difference = lossOfSecond - lossOfFirst;
        return new PairedLoss(
                count + 1, first + lossOfFirst, second + lossOfSecond, squaredDifference + difference * difference);
    }

    public PairedLoss plus(PairedLoss other) {
        return new PairedLoss(
                count + other.count,
                first + other.first,
                second + other.second,
                squaredDifference + other.squaredDifference);
    }

    /** What came after an earlier total; nothing if this is not a later one, because the totals began anew. */
    public PairedLoss since(PairedLoss earlier) {
        return earlier.count > count
                ? NONE
                : new PairedLoss(
                        count - earlier.count,
                        first - earlier.first,
                        second - earlier.second,
                        Math.max(0, squaredDifference - earlier.squaredDifference));
    }

    /** The same comparison seen from the other side. */
    public PairedLoss swapped() {
        return new PairedLoss(count, second, first, squaredDifference);
    }

    public double meanFirst() {
        return count == 0 ? 0 : first / count;
    }

    public double meanSecond() {
        return count == 0 ? 0 : second / count;
    }

    /** The standard error of the mean difference; infinite for fewer than two observations. */
    public double standardError() {
        if (count < 2) {
            return Double.POSITIVE_INFINITY;
        }
        double mean = meanSecond() - meanFirst();
        double variance = Math.max(0, squaredDifference - count * mean * mean) / (count - 1.0);
        return Math.sqrt(variance / count);
    }
}
