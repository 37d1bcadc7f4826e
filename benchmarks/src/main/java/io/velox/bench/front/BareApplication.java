package io.velox.bench.front;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/**
 * A server without anything of a server: a loop that spends, at each moment at which a request would be due, the time that one takes of the
 * core. How late it is done shows what the machine itself withholds from whatever runs there.
 *
 * <p>{@code BareApplication REQUESTS_PER_SECOND NANOS_OF_WORK MILLIS}. Prints a histogram of microseconds, from when each was due, in the
 * encoding of HdrHistogram and Base64.
 */
public final class BareApplication {
    /** Two looks at the clock are less than this apart, unless something else had the core between them. */
    private static final long LONGEST_STEP_NANOS = 2_000;

    private static final int DIGITS = 2;
    private static final Duration WARMING = Duration.ofMillis(500);

    private BareApplication() {}

    public static void main(String[] arguments) {
        double perSecond = Double.parseDouble(arguments[0]);
        long work = Long.parseLong(arguments[1]);
        var unused = run(perSecond, work, WARMING);
        System.out.println(encoded(run(perSecond, work, Duration.ofMillis(Long.parseLong(arguments[2])))));
    }

    static Histogram run(double perSecond, long workNanos, Duration duration) {
        Histogram micros = new Histogram(DIGITS);
        double interval = 1e9 / perSecond;
        long count = (long) (duration.toNanos() / interval);
        long begin = System.nanoTime();
        long now = begin;
        for (long request = 0; request < count; request++) {
            long due = begin + (long) (request * interval);
            while (now < due) {
                now = System.nanoTime();
            }
            for (long worked = 0; worked < workNanos; ) {
                long before = now;
                now = System.nanoTime();
                worked += Math.min(now - before, LONGEST_STEP_NANOS);
            }
            micros.recordValue((now - due) / 1_000);
        }
        return micros;
    }

    static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    static Histogram decoded(String encoded) {
        return Histogram.decodeFromByteBuffer(
                ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
    }
}
