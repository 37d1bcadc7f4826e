package io.velox.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of a Velox on one machine. */
@Command(
        name = "velox",
        mixinStandardHelpOptions = true,
        description = "Velox on one machine, everything embedded.",
        subcommands = {RunCommand.class, DemoCommand.class, MigrateCommand.class})
public final class StandaloneCommand {

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new StandaloneCommand()).execute(arguments);
    }
}
