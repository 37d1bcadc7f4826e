package io.velox.client.cli;

import io.velox.client.Observation;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "observe", description = "Tells Velox how a user rated an item, and prints the receipt.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ObserveCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Option(names = "--id", paramLabel = "ID", description = "Your own name for it, which makes repeating it harmless.")
    private @Nullable String id;

    @Option(names = "--timestamp", paramLabel = "TIME", description = "Such as 2025-03-01T12:00:00Z (default: now).")
    private @Nullable Instant timestamp;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Parameters(index = "1", paramLabel = "ITEM", description = "An item id, or JSON for computed models.")
    private String item;

    @Parameters(index = "2", paramLabel = "LABEL", description = "The rating.")
    private double label;

    @Override
    public Integer call() {
        String receipt = connection.client().observe(new Observation(uid, connection.item(item), label, timestamp, id));
        if (connection.isJson()) {
            connection.printJson(Map.of("receipt", receipt));
        } else {
            connection.out().println(receipt);
        }
        return 0;
    }
}
