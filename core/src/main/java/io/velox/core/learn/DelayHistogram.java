package io.velox.core.learn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Delays in milliseconds, from 0 to an hour, which also stands for all that is longer; each kept to two significant digits. Totals are
 * added and subtracted, so that those of an interval come from two of them. Single writer.
 */
public final class DelayHistogram {
    /** The longest delay that is told from longer ones, in milliseconds. */
    public static final long MAX_MS = 3_600_000;

    private static final int DIGITS = 2;

    private final Histogram counts = new Histogram(1, MAX_MS, DIGITS);

    /**
     * Counts one delay.
     *
     * @param ms negative ones, of clocks that differ, count as 0
     */
    public void record(long ms) {
        counts.recordValue(Math.max(0, Math.min(MAX_MS, ms)));
    }

    public void add(DelayHistogram other) {
        counts.add(other.counts);
    }

    /** What came after an earlier total; nothing if this is not a later one, because the totals began anew. */
    public DelayHistogram since(DelayHistogram earlier) {
        DelayHistogram since = new DelayHistogram();
        if (earlier.count() > count()) {
            return since;
        }
        for (var bucket : counts.recordedValues()) {
            long value = bucket.getValueIteratedTo();
            long more = bucket.getCountAtValueIteratedTo() - earlier.counts.getCountAtValue(value);
            if (more > 0) {
                since.counts.recordValueWithCount(Math.min(MAX_MS, value), more);
            }
        }
        return since;
    }

    public long count() {
        return counts.getTotalCount();
    }

    /** The delay that a share of all does not exceed; 0 when there is none. */
    public long quantile(double share) {
        return count() == 0 ? 0 : Math.min(MAX_MS, counts.getValueAtPercentile(100 * share));
    }

    public long max() {
        return count() == 0 ? 0 : Math.min(MAX_MS, counts.getMaxValue());
    }

    /** HdrHistogram's compressed form in base64: some hundred characters. */
    public String encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(counts.getNeededByteBufferCapacity());
        int length = counts.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws IllegalArgumentException if it is no such histogram
     */
    public static DelayHistogram decode(String text) {
        DelayHistogram histogram = new DelayHistogram();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            histogram.counts.add(Histogram.decodeFromCompressedByteBuffer(bytes, MAX_MS));
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("the delays are no histogram: " + e.getMessage(), e);
        }
        return histogram;
    }
}
