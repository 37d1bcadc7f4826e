package io.velox.standalone.demo;

import io.velox.client.Activation;
import io.velox.client.Activation.Station;
import io.velox.client.VeloxClient;
import io.velox.client.cli.Progress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for a new version to go live, and says how far it is. Used once. */
final class Swap {
    private static final Duration DEADLINE = Duration.ofHours(4);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(10);

    private final Screen screen;
    private final long begin;
    private long published;
    private @Nullable Station last;
    private long nextReport;

    /** How long it took to train a version, and from then on until it was live, in seconds. */
    record Times(double train, double rebase) {}

    private Swap(Screen screen, long begin) {
        this.screen = screen;
        this.begin = begin;
    }

    /**
     * Blocks until the version is active.
     *
     * @param begin when the training was asked for, in nanoseconds of {@link System#nanoTime}
     */
    static Times await(VeloxClient client, String model, int version, long begin, Screen screen) {
        Swap swap = new Swap(screen, begin);
        new Activation(client, LOOK_INTERVAL).await(model, version, DEADLINE, swap::look);
        return new Times((swap.published - begin) / 1e9, (System.nanoTime() - swap.published) / 1e9);
    }

    private void look(Station station) {
        long now = System.nanoTime();
        if (published == 0 && station != Station.TRAINING) {
            published = now;
        }
        if (station != last || now > nextReport) {
            nextReport = now + Math.max(SHORTEST_SILENCE.toNanos(), (now - begin) / 4);
            last = station;
            screen.say("%7s  %s", Progress.duration((now - begin) / 1e9), words(station));
        }
    }

    private static String words(Station station) {
        return switch (station) {
            case TRAINING -> "Spark is training";
            case LOADING -> "published; job and serving load and verify it";
            case REBASING -> "loaded everywhere; users are rebased onto it, while the old version goes on answering";
            case JUDGING -> "rebased; it is judged beside the live version";
            case ACTIVE -> "live";
        };
    }
}
