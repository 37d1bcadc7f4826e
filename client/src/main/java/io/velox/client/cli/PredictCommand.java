package io.velox.client.cli;

import io.velox.client.ItemScore;
import io.velox.client.PredictRequest;
import io.velox.client.Predictions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "predict", description = "Scores items for a user.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class PredictCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "als", description = "Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "--after", paramLabel = "RECEIPT", description = "Answer no older than this receipt of observe.")
    private @Nullable String after;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "ITEM",
            description = "Item ids, or JSON for computed models.")
    private List<String> items;

    @Override
    public Integer call() {
        PredictRequest request =
                new PredictRequest(uid, items.stream().map(connection::item).toList(), after, null);
        Predictions answer = connection.client().predict(model, request);
        if (connection.isJson()) {
            connection.printJson(answer);
            return 0;
        }
        for (ItemScore prediction : answer.predictions()) {
            connection
                    .out()
                    .println(String.format(
                            Locale.ROOT, "%8.4f  %s", prediction.score(), Connection.text(prediction.item())));
        }
        answer.unknown().forEach(item -> connection.out().println("       -  " + Connection.text(item) + "  unknown"));
        connection.out().println(Provenance.line(answer));
        return 0;
    }
}
