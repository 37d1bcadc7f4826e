package io.velox.serving.predict;

/**
 * Decides whether to keep a model's predictions, by an experiment that never ends: one group of users is always served through the
 * cache, one never, and what their requests take is compared. So the hit rate, what a lookup and a miss cost, and what computing costs of
 * those items that would be asked for again, are all in the measurement, and nothing is modelled.
 *
 * <p>It turns on when requests through the cache are surely cheaper by {@value #MARGIN} of what computing takes, and off when they are surely
 * not cheaper at all; in between, and while it is not sure, everything stays as it is. Sure is a difference of {@value #CERTAINTY} standard
 * errors. Older measurements count less and less. A request that took more than {@value #OUTLIER} times what computing takes on average was
 * held up by something else, and counts as that: a pause in ten thousand requests would else hide what all the others say. Off at first. Safe
 * for use from any thread.
 */
final class AdaptivePolicy {
    /** Of either group, from one verdict to the next. */
    static final int REQUESTS_PER_VERDICT = 500;

    private static final double MARGIN = 0.1;
    private static final double CERTAINTY = 3;
    private static final double MEMORY = 0.75;
    private static final double OUTLIER = 100;

    private final Cost cached = new Cost();
    private final Cost computed = new Cost();
    private double longest = Double.POSITIVE_INFINITY;
    private volatile boolean isOn;

    /** What requests took, each weighted by its age. Guarded by the policy. */
    private static final class Cost {
        private int fresh;
        private double weight;
        private double squaredWeight;
        private double sum;
        private double sumOfSquares;

        private void add(double nanos) {
            fresh++;
            weight++;
            squaredWeight++;
            sum += nanos;
            sumOfSquares += nanos * nanos;
        }

        private void age() {
            fresh = 0;
            weight *= MEMORY;
            squaredWeight *= MEMORY * MEMORY;
            sum *= MEMORY;
            sumOfSquares *= MEMORY;
        }

        private double mean() {
            return sum / weight;
        }

        /** The variance of the mean. */
        private double uncertainty() {
            double mean = mean();
            double variance = Math.max(0, sumOfSquares / weight - mean * mean);
            return variance * squaredWeight / (weight * weight);
        }
    }

    /** Whether predictions of all but the group that never uses it are kept. */
    boolean isOn() {
        return isOn;
    }

    /**
     * A request of one of the groups has taken so long.
     *
     * @param isCached whether of the group that is always served through the cache
     * @return whether this has turned the cache on or off
     */
    synchronized boolean took(boolean isCached, long nanos) {
        (isCached ? cached : computed).add(Math.min((double) nanos, longest));
        if (Math.min(cached.fresh, computed.fresh) < REQUESTS_PER_VERDICT) {
            return false;
        }
        double gain = computed.mean() - cached.mean();
        double doubt = CERTAINTY * Math.sqrt(computed.uncertainty() + cached.uncertainty());
        boolean before = isOn;
        isOn = before ? gain + doubt >= 0 : gain - doubt > MARGIN * computed.mean();
        longest = OUTLIER * computed.mean();
        cached.age();
        computed.age();
        return isOn != before;
    }

    /** What a request through the cache takes, in nanoseconds; NaN before the first. */
    synchronized double cachedNanos() {
        return cached.mean();
    }

    /** What a request that is computed takes, in nanoseconds; NaN before the first. */
    synchronized double computedNanos() {
        return computed.mean();
    }
}
