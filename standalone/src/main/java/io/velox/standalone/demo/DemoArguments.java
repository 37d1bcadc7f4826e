package io.velox.standalone.demo;

import io.velox.client.cli.RatingArguments;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The demonstration's own part of a command line; mixed into the command that starts what it shows. */
public final class DemoArguments {
    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "ml-latest-small",
            description =
                    "ml-latest-small, ml-100k, ml-1m, ml-10m, ml-20m, ml-25m, goodbooks or synthetic (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String dataset;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description =
                    "The data set's zip file, or a folder with its files, or any file of ratings that `import` reads; otherwise $$VELOX_DATA and ../shared/data are searched, "
                            + "and then it is downloaded from GroupLens.")
    private @Nullable Path data;

    @Option(
            names = "--scale",
            paramLabel = "S",
            defaultValue = "0.02",
            description = "Size of the synthetic set; 1 is MovieLens 10M's (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Mixin
    private final RatingArguments layout = new RatingArguments();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the split into imported, live and test ratings (default: ${DEFAULT-VALUE}).")
    private long seed;

    /**
     * The options with a folder to keep downloads in.
     *
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public DemoOptions options(Path dataDirectory) {
        return new DemoOptions(
                dataset, Optional.ofNullable(data), layout.options(), dataDirectory.resolve("datasets"), scale, seed);
    }
}
