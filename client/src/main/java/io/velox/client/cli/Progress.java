package io.velox.client.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One line about work that takes a while: how much, how fast, how long still. On a terminal the line is rewritten in place; elsewhere
 * a new one appears every few seconds. Safe for use from any thread.
 */
public final class Progress implements AutoCloseable {
    private static final long TERMINAL_INTERVAL = 200_000_000L;
    private static final long LOG_INTERVAL = 5_000_000_000L;
    private static final long RATE_FROM = 100_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final String what;
    private final LongSupplier nanoClock;
    private final long begin;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextPrint;
    private volatile double fraction = Double.NaN;

    public Progress(PrintWriter out, boolean terminal, String what, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
        this.nanoClock = nanoClock;
        this.begin = nanoClock.getAsLong();
        this.nextPrint = new AtomicLong(begin + interval());
    }

    /** On standard error or the like, rewriting the line if a person is watching. */
    public static Progress of(PrintWriter out, String what) {
        return new Progress(out, isTerminal(), what, System::nanoTime);
    }

    /** Whether a person is watching. */
    @SuppressWarnings("SystemConsoleNull") // Velox is built and run with Java 17, where it means just this
    public static boolean isTerminal() {
        return System.console() != null;
    }

    /** Counts work done, of which the whole is known. */
    public void add(long done, long total) {
        long now = count.addAndGet(done);
        fraction = total > 0 ? (double) now / total : Double.NaN;
        printIfDue();
    }

    /** Counts work done; {@code ofAll} is the share of the whole that this makes, or NaN. */
    public void addAt(long done, double ofAll) {
        count.addAndGet(done);
        fraction = ofAll;
        printIfDue();
    }

    /** The count so far. */
    public long count() {
        return count.get();
    }

    /** The time since the beginning, in seconds. */
    public double seconds() {
        return (nanoClock.getAsLong() - begin) / 1e9;
    }

    /** Ends the line with the totals; if nothing was done, nothing is said. */
    @Override
    public void close() {
        if (count.get() == 0) {
            return;
        }
        print(String.format(
                Locale.ROOT, "%s: %,d in %s%s", what, count.get(), duration(seconds()), rate(count.get(), seconds())));
        if (terminal) {
            out.println();
        }
        out.flush();
    }

    /** A length of time as people say it: {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    public static String duration(double seconds) {
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private void printIfDue() {
        long now = nanoClock.getAsLong();
        long due = nextPrint.get();
        if (now - due < 0 || !nextPrint.compareAndSet(due, now + interval())) {
            return;
        }
        double seconds = (now - begin) / 1e9;
        long done = count.get();
        double share = fraction;
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%s: %,d", what, done));
        if (share > 0) {
            line.append(String.format(Locale.ROOT, " (%.0f%%)", 100 * Math.min(1, share)));
        }
        line.append(rate(done, seconds));
        if (share > 0 && share < 1) {
            line.append(", ").append(duration(seconds * (1 - share) / share)).append(" left");
        }
        print(line.toString());
    }

    private static String rate(long done, double seconds) {
        return seconds * 1e9 < RATE_FROM ? "" : String.format(Locale.ROOT, ", %,.0f/s", done / seconds);
    }

    private synchronized void print(String line) {
        if (terminal) {
            out.print("\r" + line + "\u001b[K");
        } else {
            out.println(line);
        }
        out.flush();
    }

    private long interval() {
        return terminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
    }
}
