package io.velox.client.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "forget", description = "Forgets all about a user.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Parameters(index = "0", paramLabel = "UID", description = "The user.")
    private String uid;

    @Override
    public Integer call() {
        String receipt = connection.client().forget(uid);
        if (connection.isJson()) {
            connection.printJson(Map.of("receipt", receipt));
        } else {
            connection.out().println("User " + uid + " is forgotten (receipt " + receipt + ").");
        }
        return 0;
    }
}
