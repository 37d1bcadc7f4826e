package io.velox.serving.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refusals, written out once: many in a row are one buffer. They are counted ({@code velox.http.shed}), and logged now and then. Safe for
 * use from any thread.
 */
public final class Refusals {
    /** Together less than what a connection may have to be sent before it counts as too slow (64 KiB, by Netty's defaults). */
    static final int MOST_IN_A_ROW = 128;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(10);

    private final ByteBuf inARow;
    private final int length;
    private final Counter counter;
    private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - BETWEEN_LINES);

    /** {@code refusal} is a whole answer of HTTP/1.1, head and body. */
    public Refusals(String refusal, MeterRegistry metrics) {
        byte[] bytes = refusal.repeat(MOST_IN_A_ROW).getBytes(UTF_8);
        this.length = bytes.length / MOST_IN_A_ROW;
        this.inARow = Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
        this.counter = Counter.builder("velox.http.shed")
                .description("Requests refused because the node was too far behind")
                .register(metrics);
    }

    /** So many, at most {@value #MOST_IN_A_ROW}, to be sent. */
    ByteBuf of(int number) {
        count(number);
        return inARow.slice(0, number * length);
    }

    /** Takes note of some. */
    public void count(int number) {
        counter.increment(number);
        long now = System.nanoTime();
        long last = lastLine.get();
        if (now - last >= BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
            LOG.warn("more requests come than are answered in time: {} have been refused since the start", (long)
                    counter.count());
        }
    }
}
