package io.velox.standalone.demo;

import org.HdrHistogram.Histogram;

/** Times in milliseconds, of which half and 99 of 100 were no longer. */
record Percentiles(double p50, double p99) {
    static Histogram microseconds() {
        return new Histogram(60_000_000L, 3);
    }

    static Percentiles of(Histogram microseconds) {
        return new Percentiles(
                microseconds.getValueAtPercentile(50) / 1000.0, microseconds.getValueAtPercentile(99) / 1000.0);
    }
}
