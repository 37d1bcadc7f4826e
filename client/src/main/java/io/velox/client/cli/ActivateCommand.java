package io.velox.client.cli;

import io.velox.client.Model;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "activate", description = "Makes a version the one that answers; also the way back to an earlier one.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ActivateCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "als", description = "Default: ${DEFAULT-VALUE}.")
    private String model;

    @Parameters(index = "0", paramLabel = "VERSION", description = "The version's number.")
    private int version;

    @Option(names = "--force", description = "Also a version that was judged worse than the live one.")
    private boolean force;

    @Override
    public Integer call() {
        Model answer = connection.client().activate(model, version, force);
        if (connection.isJson()) {
            connection.printJson(answer);
            return 0;
        }
        boolean isLive = answer.active()
                .map(Model.Version::version)
                .filter(v -> v == version)
                .isPresent();
        connection
                .out()
                .println(
                        isLive
                                ? "Version " + version + " of " + model + " answers now."
                                : "Version " + version + " of " + model
                                        + " is being loaded and goes live by itself; `velox models` shows how far it is.");
        return 0;
    }
}
