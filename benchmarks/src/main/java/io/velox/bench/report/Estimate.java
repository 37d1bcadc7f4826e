package io.velox.bench.report;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** A value with its 95% interval, from {@code n} samples. */
public record Estimate(double value, double low, double high, long n) {
    private static final double ERROR = 0.05;
    private static final double NORMAL_QUANTILE = 1.96;
    private static final int RESAMPLES = 10_000;
    private static final long SEED = 42;

    /** The median, with the percentile interval of a seeded bootstrap; of one sample, itself. */
    public static Estimate median(double[] samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("a median needs at least one sample");
        }
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        SplittableRandom random = new SplittableRandom(SEED);
        double[] medians = new double[RESAMPLES];
        double[] resample = new double[sorted.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < resample.length; j++) {
                resample[j] = sorted[random.nextInt(sorted.length)];
            }
            Arrays.sort(resample);
            medians[i] = middle(resample);
        }
        Arrays.sort(medians);
        double low = medians[(int) (ERROR / 2 * RESAMPLES)];
        double high = medians[(int) ((1 - ERROR / 2) * RESAMPLES)];
        return new Estimate(middle(sorted), low, high, sorted.length);
    }

    /** The mean, with its t-interval; of one sample, itself. */
    public static Estimate mean(double[] samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("a mean needs at least one sample");
        }
        SummaryStatistics statistics = new SummaryStatistics();
        for (double sample : samples) {
            statistics.addValue(sample);
        }
        double mean = statistics.getMean();
        double half = samples.length == 1
                ? 0
                : new TDistribution(samples.length - 1).inverseCumulativeProbability(1 - ERROR / 2)
                        * statistics.getStandardDeviation()
                        / Math.sqrt(samples.length);
        return new Estimate(mean, mean - half, mean + half, samples.length);
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * The slope of the least-squares line, with its t-interval. Samples of one process over time depend on each other, so that the true
     * interval is wider.
     *
     * @param x at least three values, not all equal; {@code y} as many
     */
    public static Estimate slope(double[] x, double[] y) {
        if (x.length != y.length || x.length < 3) {
            throw new IllegalArgumentException(
                    "a slope needs at least three points, but got " + x.length + " and " + y.length + " coordinates");
        }
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < x.length; i++) {
            line.addData(x[i], y[i]);
        }
        double slope = line.getSlope();
        double half = line.getSlopeConfidenceInterval(ERROR);
        if (!Double.isFinite(slope) || !Double.isFinite(half)) {
            throw new IllegalArgumentException("a slope needs points at different x");
        }
        return new Estimate(slope, slope - half, slope + half, x.length);
    }

    /** A percentile (0 to 100) in the histogram's units, with the interval of its rank. */
    public static Estimate percentile(Histogram histogram, double percentile) {
        long n = histogram.getTotalCount();
        if (n == 0) {
            throw new IllegalArgumentException("a percentile needs at least one sample");
        }
        double p = percentile / 100;
        double half = 100 * NORMAL_QUANTILE * Math.sqrt(p * (1 - p) / n);
        return new Estimate(
                histogram.getValueAtPercentile(percentile),
                histogram.getValueAtPercentile(Math.max(0, percentile - half)),
                histogram.getValueAtPercentile(Math.min(100, percentile + half)),
                n);
    }

    /** The same in another unit. */
    public Estimate times(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("factor must be positive, but got " + factor);
        }
        return new Estimate(value * factor, low * factor, high * factor, n);
    }
}
