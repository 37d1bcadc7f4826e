package io.velox.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Waits until a version answers. */
public final class Activation {
    /** How far a version has come. */
    public enum Station {
        TRAINING,
        LOADING,
        REBASING,
        JUDGING,
        ACTIVE
    }

    private final VeloxClient client;
    private final Duration interval;

    /** Looks at the catalogue once per interval. */
    public Activation(VeloxClient client, Duration interval) {
        this.client = client;
        this.interval = interval;
    }

    /**
     * Blocks until the version is ACTIVE.
     *
     * @param watcher told at every look, in this thread
     * @throws VersionFailedException if its training failed, or it was refused, rejected or retired
     * @throws IllegalStateException if it is not active by the deadline
     */
    public void await(String model, int version, Duration deadline, Consumer<Station> watcher) {
        long end = System.nanoTime() + deadline.toNanos();
        Station station = Station.TRAINING;
        while (System.nanoTime() < end) {
            station = station(client.model(model), version);
            watcher.accept(station);
            if (station == Station.ACTIVE) {
                return;
            }
            pause();
        }
        throw new IllegalStateException("version " + version + " of " + model + " is still " + station + " after "
                + deadline.toMinutes() + " minutes");
    }

    private static Station station(Model model, int number) {
        Model.Training training = model.training();
        if (training != null && training.version() == number && training.failure() != null) {
            throw new VersionFailedException("the training of version " + number + " of " + model.model() + " failed: "
                    + training.failure()
                    + (training.retryAt() == null
                            ? ""
                            : "; it is tried again at " + training.retryAt() + ", under another number"));
        }
        Optional<Model.Version> version = model.version(number);
        if (version.isEmpty()) {
            return Station.TRAINING;
        }
        return switch (version.get().state()) {
            case "PUBLISHED" -> Station.LOADING;
            case "REBASING" -> Station.REBASING;
            case "CANDIDATE" -> Station.JUDGING;
            case "ACTIVE" -> Station.ACTIVE;
            default ->
                throw new VersionFailedException("version " + number + " of " + model.model() + " is "
                        + version.get().state()
                        + (version.get().reason() == null
                                ? ""
                                : ": " + version.get().reason()));
        };
    }

    private void pause() {
        try {
            Thread.sleep(interval.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a version", e);
        }
    }
}
