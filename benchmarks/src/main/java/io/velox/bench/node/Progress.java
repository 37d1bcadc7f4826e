package io.velox.bench.node;

import java.util.ArrayList;
import java.util.List;

/** A count that grows over time, as it was seen from moment to moment; seconds are since any fixed moment. */
public final class Progress {
    private final List<double[]> points = new ArrayList<>();

    public synchronized void add(double seconds, long count) {
        points.add(new double[] {seconds, count});
    }

    /**
     * When the count reached a number, by the straight line between the two moments around it.
     *
     * @throws IllegalArgumentException if it never did
     */
    public synchronized double reached(long count) {
        double[] before = points.get(0);
        for (double[] point : points) {
            if (point[1] >= count) {
                double share = point[1] == before[1] ? 1 : (count - before[1]) / (point[1] - before[1]);
                return before[0] + share * (point[0] - before[0]);
            }
            before = point;
        }
        throw new IllegalArgumentException("the count never reached " + count + ", only " + (long) before[1]);
    }

    /** The count that was seen last. */
    public synchronized long last() {
        return (long) points.get(points.size() - 1)[1];
    }

    public synchronized double[] seconds() {
        return points.stream().mapToDouble(point -> point[0]).toArray();
    }

    /** All counts, times a factor. */
    public synchronized double[] counts(double factor) {
        return points.stream().mapToDouble(point -> factor * point[1]).toArray();
    }

    /** Counts per second over consecutive segments of equal size, {@code segments} of them, from one count to another. */
    public double[] rates(long from, long to, int segments) {
        double[] rates = new double[segments];
        double begin = reached(from);
        for (int i = 0; i < segments; i++) {
            long first = from + (to - from) * i / segments;
            long last = from + (to - from) * (i + 1) / segments;
            double end = reached(last);
            rates[i] = (last - first) / (end - begin);
            begin = end;
        }
        return rates;
    }
}
