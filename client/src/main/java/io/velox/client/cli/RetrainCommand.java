package io.velox.client.cli;

import io.velox.client.Activation;
import io.velox.client.Activation.Station;
import io.velox.client.VeloxClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retrain",
        description =
                "Trains a new version of a model on everything observed so far; it goes live by itself if it is not worse.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class RetrainCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            defaultValue = "als",
            description = "Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "--refresh", description = "Start from the live version: a few passes, seconds instead of minutes.")
    private boolean refresh;

    @Option(names = "--wait", description = "Wait until the new version answers.")
    private boolean wait;

    @Option(
            names = "--timeout-minutes",
            paramLabel = "N",
            defaultValue = "240",
            description = "How long --wait waits (default: ${DEFAULT-VALUE}).")
    private int timeoutMinutes;

    @Nullable
    private Station last;

    @Override
    public Integer call() {
        VeloxClient client = connection.client();
        int version = refresh ? client.refresh(model) : client.retrain(model);
        if (!connection.isJson()) {
            connection.out().println("Training version " + version + " of " + model + ".");
        }
        if (wait) {
            long begin = System.nanoTime();
            new Activation(client, Duration.ofMillis(500))
                    .await(model, version, Duration.ofMinutes(timeoutMinutes), station -> report(station, begin));
        }
        if (connection.isJson()) {
            connection.printJson(Map.of("model", model, "version", version, "active", wait));
        } else {
            connection
                    .out()
                    .println(
                            wait
                                    ? "Version " + version + " answers now."
                                    : "It goes live by itself; `velox models` shows how far it is.");
        }
        return 0;
    }

    private void report(Station station, long begin) {
        if (station != last) {
            last = station;
            connection
                    .err()
                    .println(station.name().toLowerCase(Locale.ROOT) + " (after "
                            + Progress.duration((System.nanoTime() - begin) / 1e9) + ")");
        }
    }
}
