package io.velox.retrain;

import io.velox.core.log.LogCut;
import io.velox.core.model.Identifiers;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line of {@link RetrainApplication}.
 *
 * @param hadoop properties of the store's file system
 * @param version that is to be made
 * @param cut where the training's view of the log ends
 * @param hyperparameters of a search, the first combination
 * @param search the combinations to try; empty if the hyperparameters are given
 * @param from address of the manifest that a refresh starts from; empty for a full training
 * @param live address of the manifest of the version to compare with; empty for none
 * @param itemMetadata the file of what is known of the items, as a path in the store; empty for none
 * @param repeat what the model makes of a second observation of an item
 * @param archiveWait how long the archive may stand still before it reaches the cut
 * @param endsWithInput whether the process is to end with its standard input
 */
record Arguments(
        URI store,
        Map<String, String> hadoop,
        ModelVersion version,
        LogCut cut,
        Hyperparameters hyperparameters,
        List<Hyperparameters> search,
        Optional<String> from,
        Optional<String> live,
        Optional<String> itemMetadata,
        Repeat repeat,
        Duration archiveWait,
        boolean endsWithInput) {
    private static final String STORE = "--store";
    private static final String HADOOP = "--hadoop";
    private static final String KIND = "--kind";
    private static final String FULL = "full";
    private static final String REFRESH = "refresh";
    private static final String FROM = "--from";
    private static final String LIVE = "--live";
    private static final String ITEM_METADATA = "--item-metadata";
    private static final String MODEL = "--model";
    private static final String VERSION = "--version";
    private static final String CUT = "--cut";
    private static final String RANK = "--rank";
    private static final String REGULARIZATION = "--regularization";
    private static final String ITERATIONS = "--iterations";
    private static final String ITEM_BIAS = "--item-bias";
    private static final String POLISH = "--polish";
    private static final String PRIOR = "--prior";
    private static final String REPEAT = "--repeat";
    private static final String HELD_OUT = "--held-out";
    private static final String SEED = "--seed";
    private static final String ARCHIVE_WAIT = "--archive-wait-seconds";
    private static final String UNTIL_STDIN_ENDS = "--until-stdin-ends";

    private static final String SEARCH = "--search";

    private static final int DEFAULT_POLISH = 10;
    private static final int MAX_COMBINATIONS = 100;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException in one line, naming the option
     */
    static Arguments parse(String... args) {
        try {
            return of(new CommandLine(spec()).parseArgs(args));
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static String usage() {
        return new CommandLine(spec()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static Arguments of(ParseResult given) {
        int version = given.matchedOptionValue(VERSION, 0);
        int waitSeconds = given.matchedOptionValue(ARCHIVE_WAIT, 120);
        if (version < 1) {
            throw new IllegalArgumentException(VERSION + " must be at least 1, but got " + version);
        }
        if (waitSeconds < 0) {
            throw new IllegalArgumentException(ARCHIVE_WAIT + " must not be negative, but got " + waitSeconds);
        }
        URI store = URI.create(given.matchedOptionValue(STORE, ""));
        if (store.getScheme() == null) {
            throw new IllegalArgumentException(
                    STORE + " must be a URI with a scheme, such as file:/var/velox/store, but got '" + store + "'");
        }
        Optional<String> from = from(given);
        String model = Identifiers.checkModelName(MODEL, given.matchedOptionValue(MODEL, ""));
        List<Hyperparameters> combinations = combinations(given);
        if (given.hasMatchedOption(SEARCH) && from.isPresent()) {
            throw new IllegalArgumentException(
                    SEARCH + " is for " + KIND + " full: a refresh keeps what it starts from");
        }
        if (!given.hasMatchedOption(SEARCH) && combinations.size() > 1) {
            throw new IllegalArgumentException(String.join(", ", RANK, REGULARIZATION, ITERATIONS, ITEM_BIAS)
                    + " take one value each without " + SEARCH + ", but there are " + combinations.size()
                    + " combinations");
        }
        return new Arguments(
                store,
                new TreeMap<>(given.matchedOptionValue(HADOOP, Map.<String, String>of())),
                new ModelVersion(model, version),
                LogCut.parse(given.matchedOptionValue(CUT, "")),
                combinations.get(0),
                given.hasMatchedOption(SEARCH) ? combinations : List.of(),
                from,
                Optional.ofNullable(given.matchedOptionValue(LIVE, (String) null))
                        .or(() -> from),
                Optional.ofNullable(given.matchedOptionValue(ITEM_METADATA, (String) null)),
                repeat(given.matchedOptionValue(REPEAT, "replace")),
                Duration.ofSeconds(waitSeconds),
                given.hasMatchedOption(UNTIL_STDIN_ENDS));
    }

    /** Every combination of the values given, the last option's varying first. */
    private static List<Hyperparameters> combinations(ParseResult given) {
        List<Hyperparameters> combinations = new ArrayList<>();
        for (int rank : given.matchedOptionValue(RANK, List.<Integer>of())) {
            for (double regularization : given.matchedOptionValue(REGULARIZATION, List.<Double>of())) {
                for (int iterations : given.matchedOptionValue(ITERATIONS, List.<Integer>of())) {
                    for (boolean itemBias : given.matchedOptionValue(ITEM_BIAS, List.<Boolean>of())) {
                        combinations.add(new Hyperparameters(
                                rank,
                                regularization,
                                iterations,
                                itemBias,
                                given.matchedOptionValue(POLISH, DEFAULT_POLISH),
                                prior(given.matchedOptionValue(PRIOR, "")),
                                given.matchedOptionValue(HELD_OUT, 0.0),
                                given.matchedOptionValue(SEED, 0L)));
                    }
                }
            }
        }
        if (combinations.size() > MAX_COMBINATIONS) {
            throw new IllegalArgumentException(SEARCH + " takes at most " + MAX_COMBINATIONS
                    + " combinations, but there are " + combinations.size());
        }
        return combinations;
    }

    private static Optional<String> from(ParseResult given) {
        String kind = given.matchedOptionValue(KIND, FULL);
        String from = given.matchedOptionValue(FROM, (String) null);
        if (!kind.equals(FULL) && !kind.equals(REFRESH)) {
            throw new IllegalArgumentException(KIND + " must be full or refresh, but got '" + kind + "'");
        }
        if (kind.equals(REFRESH) != (from != null)) {
            throw new IllegalArgumentException(
                    FROM + " must be given for " + KIND + " refresh, which starts there, and for no other");
        }
        return Optional.ofNullable(from);
    }

    private static PriorKind prior(String text) {
        for (PriorKind kind : PriorKind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(PRIOR + " must be zero, mean or gaussian, but got '" + text + "'");
    }

    private static Repeat repeat(String text) {
        for (Repeat repeat : Repeat.values()) {
            if (repeat.name().toLowerCase(Locale.ROOT).equals(text)) {
                return repeat;
            }
        }
        throw new IllegalArgumentException(REPEAT + " must be replace or accumulate, but got '" + text + "'");
    }

    private static CommandSpec spec() {
        return CommandSpec.create()
                .name("io.velox.retrain.RetrainApplication")
                .addOption(required(STORE, "URI", "root of the store, on any Hadoop file system", String.class))
                .addOption(OptionSpec.builder(HADOOP)
                        .paramLabel("KEY=VALUE")
                        .arity("1")
                        .type(Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .description("a property of that file system; may be repeated")
                        .build())
                .addOption(required(MODEL, "NAME", "the model", String.class))
                .addOption(required(VERSION, "N", "the version to make; it must not exist", Integer.class))
                .addOption(
                        required(CUT, "CUT", "EPOCH/P:END,P:END...: the log up to where, by partition", String.class))
                .addOption(list(RANK, "N", "length of the item factors", Integer.class))
                .addOption(list(REGULARIZATION, "X", "λ, scaled by rating counts", Double.class))
                .addOption(list(ITERATIONS, "N", "rounds of alternating least squares", Integer.class))
                .addOption(list(ITEM_BIAS, "true|false", "whether biases become the items' offsets", Boolean.class))
                .addOption(required(PRIOR, "KIND", "zero, mean or gaussian", String.class))
                .addOption(required(HELD_OUT, "X", "share of ratings that judges the version", Double.class))
                .addOption(required(SEED, "N", "of every random choice", Long.class))
                .addOption(OptionSpec.builder(SEARCH)
                        .arity("0")
                        .type(Boolean.class)
                        .description("tries every combination of the values of " + RANK + ", " + REGULARIZATION + ", "
                                + ITERATIONS + " and " + ITEM_BIAS + ", each with commas between, and takes the best")
                        .build())
                .addOption(optional(KIND, "KIND", "full, or refresh: passes from a version before (full)"))
                .addOption(optional(FROM, "ADDRESS", "manifest of the version that a refresh starts from"))
                .addOption(optional(LIVE, "ADDRESS", "manifest of the version to compare with (that of --from)"))
                .addOption(optional(ITEM_METADATA, "URI", "what is known of items, as gzip NDJSON in the store"))
                .addOption(OptionSpec.builder(POLISH)
                        .paramLabel("PASSES")
                        .arity("1")
                        .type(Integer.class)
                        .description("variational passes at most after the rounds; 0 for none (10)")
                        .build())
                .addOption(OptionSpec.builder(REPEAT)
                        .paramLabel("KIND")
                        .arity("1")
                        .type(String.class)
                        .description(
                                "of a user's ratings of one item, replace takes the last, accumulate their mean (replace)")
                        .build())
                .addOption(OptionSpec.builder(UNTIL_STDIN_ENDS)
                        .arity("0")
                        .type(Boolean.class)
                        .description("ends the process, with exit code 3, when its standard input ends")
                        .build())
                .addOption(OptionSpec.builder(ARCHIVE_WAIT)
                        .paramLabel("N")
                        .arity("1")
                        .type(Integer.class)
                        .description("how long to wait until the archive reaches the cut (120)")
                        .build());
    }

    /** One value, or for a search some with commas between them. */
    private static OptionSpec list(String name, String label, String description, Class<?> type) {
        return OptionSpec.builder(name)
                .required(true)
                .arity("1")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(type)
                .splitRegex(",")
                .description(description)
                .build();
    }

    private static OptionSpec optional(String name, String label, String description) {
        return OptionSpec.builder(name)
                .arity("1")
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec required(String name, String label, String description, Class<?> type) {
        return OptionSpec.builder(name)
                .required(true)
                .arity("1")
                .paramLabel(label)
                .type(type)
                .description(description)
                .build();
    }
}
