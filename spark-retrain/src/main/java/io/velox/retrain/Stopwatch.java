package io.velox.retrain;

/** Seconds since it was made or last read. Single writer. */
final class Stopwatch {
    private long start = System.nanoTime();

    /** The seconds since the last call, to the millisecond; starts anew. */
    double lap() {
        long now = System.nanoTime();
        double seconds = Math.round((now - start) / 1e6) / 1e3;
        start = now;
        return seconds;
    }
}
