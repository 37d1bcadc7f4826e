package io.velox.client.cli;

import io.velox.client.ItemScore;
import io.velox.client.TopItems;
import io.velox.client.TopKRequest;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "topk", description = "Lists a user's best items.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class TopKCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "als", description = "Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "-k", paramLabel = "K", defaultValue = "10", description = "How many (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(names = "--seen", description = "Also items that the user has rated already.")
    private boolean seen;

    @Option(names = "--after", paramLabel = "RECEIPT", description = "Answer no older than this receipt of observe.")
    private @Nullable String after;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Override
    public Integer call() {
        TopKRequest request = TopKRequest.of(uid, k).after(after);
        TopItems answer = connection.client().topK(model, seen ? request : request.excludingSeen());
        if (connection.isJson()) {
            connection.printJson(answer);
            return 0;
        }
        int rank = 1;
        for (ItemScore item : answer.items()) {
            connection
                    .out()
                    .println(String.format(
                            Locale.ROOT,
                            "%4d. %8.4f  %s%s",
                            rank++,
                            item.score(),
                            Connection.text(item.item()),
                            item.title() == null ? "" : "  " + item.title()));
        }
        connection.out().println(Provenance.line(answer));
        return 0;
    }
}
