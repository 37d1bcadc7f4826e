package io.velox.client.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        description = "Makes API keys.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = KeyCommand.New.class)
final class KeyCommand {
    private static final int KEY_BYTES = 32;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean isHelp;

    /** What a key is good for. */
    enum Role {
        read,
        observe,
        admin
    }

    /** Asks no Velox: what it prints is all that there is of the key. */
    @Command(
            name = "new",
            description = "Makes a key and prints it once, with the line for the file of keys (access.keys-file), "
                    + "which holds its hash only.")
    @SuppressWarnings("NullAway.Init") // fields are set by picocli
    static final class New implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "Whose key it is: letters, digits, dots, underscores and hyphens.")
        private String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "read (predictions, models), observe (also users and their observations), or admin "
                        + "(also retrain, activate, forget).")
        private Role role;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Print this text.")
        @SuppressWarnings("UnusedVariable") // picocli reads it
        private boolean isHelp;

        @Override
        public Integer call() {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--name must have 1 to 63 letters, digits, dots, underscores and hyphens, but is '" + name
                                + "'");
            }
            byte[] bytes = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(bytes);
            String key = "velox_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            var out = spec.commandLine().getOut();
            out.println("The key, which is shown only now:");
            out.println(key);
            out.println("The line for the file that access.keys-file names:");
            out.println(name + " " + role + " " + sha256(key));
            return 0;
        }

        private static String sha256(String key) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(US_ASCII)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
