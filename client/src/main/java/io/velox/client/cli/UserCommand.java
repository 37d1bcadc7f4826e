package io.velox.client.cli;

import io.velox.client.UserState;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "user", description = "Shows what Velox knows of a user.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class UserCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Option(
            names = "--history",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many entries of the history to print (default: ${DEFAULT-VALUE}).")
    private int entries;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Override
    public Integer call() {
        UserState user = connection.client().user(uid);
        if (connection.isJson()) {
            connection.printJson(user);
            return 0;
        }
        connection
                .out()
                .println("User " + user.uid() + ", "
                        + (user.revision() == null ? "without records" : "revision " + user.revision()) + ", "
                        + user.history().size() + " observations");
        user.models().forEach((model, weights) -> connection
                .out()
                .println(String.format(
                        Locale.ROOT,
                        "  %s version %d: learnt %d%s, %d weights",
                        model,
                        weights.version(),
                        weights.observations(),
                        weights.loss() == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        ", mean loss %.4f",
                                        weights.loss().mean()),
                        weights.weights().length)));
        List<UserState.Entry> history = user.history();
        for (UserState.Entry entry : history.subList(0, Math.min(Math.max(0, entries), history.size()))) {
            connection
                    .out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %6.2f  %s%s%s",
                            entry.label(),
                            Connection.text(entry.item()),
                            entry.timestamp() == null ? "" : "  " + entry.timestamp(),
                            entry.superseded() ? "  (superseded)" : ""));
        }
        if (history.size() > entries) {
            connection.out().println("  ... and " + (history.size() - entries) + " more (--history N, or --json)");
        }
        return 0;
    }
}
