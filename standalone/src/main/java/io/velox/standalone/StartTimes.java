package io.velox.standalone;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long each piece of the start took, in seconds since the start of this object. Safe for use from any thread. */
final class StartTimes {
    private static final Logger LOG = LoggerFactory.getLogger(StartTimes.class);

    private final long began = System.nanoTime();
    private final Map<String, String> pieces = new ConcurrentSkipListMap<>();

    <T> T measure(String piece, Callable<T> work) throws Exception {
        double from = seconds();
        T result = work.call();
        pieces.put(
                piece,
                String.format(Locale.ROOT, "%s %.1f s (from %.1f to %.1f)", piece, seconds() - from, from, seconds()));
        return result;
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    void log() {
        LOG.info(
                "Ready after {} s: {}",
                String.format(Locale.ROOT, "%.1f", seconds()),
                pieces.values().stream().collect(Collectors.joining(", ")));
    }
}
