package io.velox.retrain;

import io.velox.core.log.LogCut;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line of {@link CompactApplication}.
 *
 * @param hadoop properties of the store's file system
 * @param settled below which the records that forget are of no more use, and go too; empty: files are only merged, and every row stays
 * @param grace for which files that were replaced are kept for those who still read them
 * @param endsWithInput whether the process ends when its standard input does
 */
record CompactArguments(
        URI store, Map<String, String> hadoop, Optional<LogCut> settled, Duration grace, boolean endsWithInput) {
    private static final String STORE = "--store";
    private static final String HADOOP = "--hadoop";
    private static final String SETTLED = "--settled";
    private static final String GRACE = "--grace-minutes";
    private static final String UNTIL_STDIN_ENDS = "--until-stdin-ends";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException in one line, naming the option
     */
    static CompactArguments parse(String... args) {
        try {
            return of(new CommandLine(spec()).parseArgs(args));
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static String usage() {
        return new CommandLine(spec()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static CompactArguments of(ParseResult given) {
        URI store = URI.create(given.matchedOptionValue(STORE, ""));
        if (store.getScheme() == null) {
            throw new IllegalArgumentException(
                    STORE + " must be a URI with a scheme, such as file:/var/velox/store, but got '" + store + "'");
        }
        int graceMinutes = given.matchedOptionValue(GRACE, 240);
        if (graceMinutes < 0) {
            throw new IllegalArgumentException(GRACE + " must not be negative, but got " + graceMinutes);
        }
        Optional<String> settled = Optional.ofNullable(given.matchedOptionValue(SETTLED, null));
        return new CompactArguments(
                store,
                new TreeMap<>(given.matchedOptionValue(HADOOP, Map.<String, String>of())),
                settled.map(LogCut::parse),
                Duration.ofMinutes(graceMinutes),
                given.hasMatchedOption(UNTIL_STDIN_ENDS));
    }

    private static CommandSpec spec() {
        return CommandSpec.create()
                .name("io.velox.retrain.CompactApplication")
                .addOption(option(STORE, "URI", "root of the store, on any Hadoop file system", String.class)
                        .required(true)
                        .build())
                .addOption(option(HADOOP, "KEY=VALUE", "a property of that file system; may be repeated", Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .build())
                .addOption(option(
                                SETTLED,
                                "CUT",
                                "EPOCH/P:END,P:END...: what was forgotten goes, and from below the cut the records that forget (nothing goes)",
                                String.class)
                        .build())
                .addOption(option(GRACE, "N", "how long replaced files are kept (240)", Integer.class)
                        .build())
                .addOption(OptionSpec.builder(UNTIL_STDIN_ENDS)
                        .arity("0")
                        .type(Boolean.class)
                        .description("ends the process, with exit code 3, when its standard input ends")
                        .build());
    }

    private static OptionSpec.Builder option(String name, String label, String description, Class<?> type) {
        return OptionSpec.builder(name).arity("1").paramLabel(label).type(type).description(description);
    }
}
