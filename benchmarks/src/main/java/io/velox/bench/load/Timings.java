package io.velox.bench.load;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** How long each request took, by when it was due, at twelve bytes each. Safe for use from any thread. */
public final class Timings implements OpenLoop.Watch {
    private static final int DIGITS = 3;

    private final long begin;
    private double[] due = new double[1 << 14];
    private int[] micros = new int[1 << 14];
    private int size;

    /** @param beginNanos the moment from which seconds count, by {@link System#nanoTime} */
    public Timings(long beginNanos) {
        this.begin = beginNanos;
    }

    @Override
    public synchronized void ended(long dueNanos, long taken) {
        if (size == due.length) {
            due = Arrays.copyOf(due, 2 * size);
            micros = Arrays.copyOf(micros, 2 * size);
        }
        due[size] = (dueNanos - begin) / 1e9;
        micros[size++] = (int) Math.min(Integer.MAX_VALUE, taken);
    }

    /** Adds the microseconds of those that were due between two moments, in seconds, to a histogram. */
    public synchronized void addTo(Histogram histogram, double from, double to) {
        for (int i = 0; i < size; i++) {
            if (due[i] >= from && due[i] < to) {
                histogram.recordValue(micros[i]);
            }
        }
    }

    /** The microseconds of those that were due between two moments, in seconds. */
    public Histogram between(double from, double to) {
        Histogram histogram = new Histogram(DIGITS);
        addTo(histogram, from, to);
        return histogram;
    }
}
