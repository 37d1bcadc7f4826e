package io.velox.client.cli;

import io.velox.client.VeloxClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code velox import | predict | topk | observe | models | retrain | activate | forget | user | key}: a client of a running Velox. */
@Command(
        name = "velox",
        description = "Asks a running Velox, and tells it what users did.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ImportCommand.class,
            PredictCommand.class,
            TopKCommand.class,
            ObserveCommand.class,
            ModelsCommand.class,
            RetrainCommand.class,
            ActivateCommand.class,
            ForgetCommand.class,
            UserCommand.class,
            KeyCommand.class
        })
public final class VeloxCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean isHelp;

    private VeloxCommand() {}

    /** Runs the command and exits: 0 when done, 1 when Velox refused or does not answer, 2 when the command line is wrong. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(arguments));
    }

    /** The command line with its output going to these writers. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new VeloxCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(message(e));
                    command.getErr().flush();
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static String message(Exception e) {
        if (e instanceof VeloxClientException refused) {
            String where = refused.field().map(field -> " [" + field + "]").orElse("");
            return "velox: " + refused.detail() + (refused.status() == 0 ? "" : " (" + refused.code() + ")" + where);
        }
        if (e instanceof IOException io) {
            return "velox: " + FileProblem.sentence(io);
        }
        return "velox: " + (e.getMessage() == null ? e.toString() : e.getMessage());
    }
}
