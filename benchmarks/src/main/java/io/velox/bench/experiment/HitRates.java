package io.velox.bench.experiment;

import io.velox.bench.node.Metrics;
import java.util.ArrayList;
import java.util.List;

/** How often the feature cache had what was asked for, over time. Safe for use from any thread. */
final class HitRates {
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(double seconds, double hits, double misses) {}

    /** Hits among lookups; NaN where there were none. */
    record Rate(double value, long lookups) {}

    void add(double seconds, Metrics.Page page) {
        add(seconds, page.sum("velox_feature_cache_hits_total"), page.sum("velox_feature_cache_misses_total"));
    }

    /** Counts since the beginning, at a moment in seconds. */
    synchronized void add(double seconds, double hits, double misses) {
        samples.add(new Sample(seconds, hits, misses));
    }

    /** Between two moments, as exactly as the samples allow. */
    synchronized Rate between(double from, double to) {
        Sample first = nearest(from);
        Sample last = nearest(to);
        double hits = last.hits() - first.hits();
        double lookups = hits + last.misses() - first.misses();
        return new Rate(lookups > 0 ? hits / lookups : Double.NaN, (long) lookups);
    }

    private Sample nearest(double seconds) {
        Sample nearest = samples.get(0);
        for (Sample sample : samples) {
            if (Math.abs(sample.seconds() - seconds) < Math.abs(nearest.seconds() - seconds)) {
                nearest = sample;
            }
        }
        return nearest;
    }
}
