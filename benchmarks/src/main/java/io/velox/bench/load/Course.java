package io.velox.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What became of requests, in windows of time by when each was due. Written to by one thread, and to be read once it is done. */
public final class Course implements Wire.Answers {
    /** The length of a window. */
    public static final Duration WINDOW = Duration.ofMillis(250);

    private static final int DIGITS = 2;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final long begin;
    private final double seconds;
    private final List<Window> windows = new ArrayList<>();
    private final Histogram lateMicros = new Histogram(DIGITS);
    private long refusedWithoutRetry;
    private long answeredBytes;
    private long idleNanos;

    /** The requests that were due in one window. */
    public static final class Window {
        private final Histogram micros = new Histogram(DIGITS);
        private final Histogram refusedMicros = new Histogram(DIGITS);
        private long failed;

        /** Of those that were answered: microseconds from when they were due. */
        public Histogram micros() {
            return micros;
        }

        /** Of those that were refused with 503. */
        public Histogram refusedMicros() {
            return refusedMicros;
        }

        /** Those that had another status, were never answered, or could not be sent. */
        public long failed() {
            return failed;
        }
    }

    Course(long beginNanos, Duration duration) {
        this.begin = beginNanos;
        this.seconds = duration.toNanos() / 1e9;
        for (long i = 0; i < Math.max(1, duration.dividedBy(WINDOW)); i++) {
            windows.add(new Window());
        }
    }

    @Override
    public void answered(long dueNanos, int status, boolean saysRetry, int length) {
        long micros = Math.max(0, System.nanoTime() - dueNanos) / 1_000;
        Window window = window(dueNanos);
        if (status == OK) {
            window.micros.recordValue(micros);
            answeredBytes += length;
        } else if (status == UNAVAILABLE) {
            window.refusedMicros.recordValue(micros);
            refusedWithoutRetry += saysRetry ? 0 : 1;
        } else {
            window.failed++;
        }
    }

    void failed(long dueNanos) {
        window(dueNanos).failed++;
    }

    void sent(long dueNanos, long nowNanos) {
        lateMicros.recordValue(Math.max(0, nowNanos - dueNanos) / 1_000);
    }

    void idled(long nanos) {
        idleNanos += nanos;
    }

    private Window window(long dueNanos) {
        long index = (dueNanos - begin) / WINDOW.toNanos();
        return windows.get((int) Math.max(0, Math.min(windows.size() - 1, index)));
    }

    public List<Window> windows() {
        return Collections.unmodifiableList(windows);
    }

    /** Of all that were answered: microseconds from when they were due. */
    public Histogram micros() {
        Histogram all = new Histogram(DIGITS);
        windows.forEach(window -> all.add(window.micros));
        return all;
    }

    /** Of all that were refused with 503. */
    public Histogram refusedMicros() {
        Histogram all = new Histogram(DIGITS);
        windows.forEach(window -> all.add(window.refusedMicros));
        return all;
    }

    /** The refused that did not say when to try again. */
    public long refusedWithoutRetry() {
        return refusedWithoutRetry;
    }

    public long failed() {
        return windows.stream().mapToLong(Window::failed).sum();
    }

    /** Of the requests that were due in a second, those that were answered. */
    public double answeredPerSecond() {
        return micros().getTotalCount() / seconds;
    }

    /** The mean length of an answer, head and body. */
    public double answerBytes() {
        return (double) answeredBytes / Math.max(1, micros().getTotalCount());
    }

    /** How late requests were sent, in microseconds: what the generator itself could not keep up with. */
    public Histogram lateMicros() {
        return lateMicros;
    }

    /** The share of the time in which the generator had nothing to do. */
    public double idleShare() {
        return idleNanos / 1e9 / seconds;
    }
}
