package io.velox.client.cli;

import io.velox.client.Forgotten;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "forget", description = "Forgets all about a user, or takes one observation back.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ForgetCommand implements Callable<Integer> {
    /** How the places read in a sentence. */
    private static final Map<String, String> PLACES =
            Map.of("log", "the log", "archive", "the archive", "offlineWeights", "the weights that training gave");

    @Mixin
    private Connection connection;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Option(names = "--item", paramLabel = "ID", description = "Only what the user did with this item.")
    private String item = "";

    @Override
    public Integer call() {
        Forgotten forgotten = item.isEmpty()
                ? connection.client().forget(uid)
                : connection.client().withdraw(uid, item);
        if (connection.isJson()) {
            connection.printJson(forgotten);
            return 0;
        }
        String what =
                item.isEmpty() ? "User " + uid + " is forgotten" : "Item " + item + " of user " + uid + " is withdrawn";
        connection.out().println(what + " (receipt " + forgotten.receipt() + ").");
        connection.out().println("  gone from answers now: " + String.join(", ", forgotten.gone()));
        forgotten.until().forEach((place, by) -> connection.out().println("  gone from " + named(place) + " by " + by));
        Map<String, String> stays = forgotten.stays();
        if (stays != null) {
            stays.forEach((place, why) -> connection.out().println("  stays in " + named(place) + ": " + why));
        }
        return 0;
    }

    private static String named(String place) {
        return PLACES.getOrDefault(place, place);
    }
}
