package io.velox.core.judge;

import io.velox.core.learn.LossMoments;

/**
 * The Page–Hinkley test for a rise of the mean of a loss, which comes in small batches: with {@code x̄} and σ of all losses so far,
 * {@code m ← m + n·((x − x̄)/σ − δ)} for a batch of n losses of mean x, and a rise is found when m is above its minimum by more than λ.
 * Single writer.
 *
 * <p>Without a rise, independent losses are taken for one with a probability of about exp(−2δλ).
 *
 * <p>Source: Page 1954; Hinkley 1971.
 */
public final class PageHinkley {
    private final double tolerance;
    private final double threshold;
    private final int warmUp;
    private LossMoments all = LossMoments.NONE;
    private double sum;
    private double least;

    /**
     * A test that has seen nothing.
     *
     * @param tolerance δ, in standard deviations of a single loss
     * @param threshold λ, in the same
     * @param warmUp losses that only tell mean and deviation
     */
    public PageHinkley(double tolerance, double threshold, int warmUp) {
        this.tolerance = tolerance;
        this.threshold = threshold;
        this.warmUp = warmUp;
    }

    /** Takes the losses since the last call; true if the mean has risen. */
    public boolean add(LossMoments batch) {
        if (batch.count() == 0) {
            return isRisen();
        }
        double deviation = Math.sqrt(all.variance());
        if (all.count() >= warmUp && deviation > 0) {
            sum += batch.count() * ((batch.mean() - all.mean()) / deviation - tolerance);
            least = Math.min(least, sum);
        }
        all = all.plus(batch);
        return isRisen();
    }

    private boolean isRisen() {
        return statistic() > threshold;
    }

    /** How far m is above its minimum. */
    public double statistic() {
        return sum - least;
    }

    /** The losses taken. */
    public long count() {
        return all.count();
    }
}
