package io.velox.standalone.demo;

import io.velox.client.ratings.RatingOptions;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** The data sets that are known by name, for others than the demonstration. */
public final class DataSets {
    private DataSets() {}

    /**
     * Finds a set where the demonstration does: in {@code $VELOX_DATA}, in {@code ../shared/data} beside Velox, in the cache, or on the
     * network.
     *
     * @param cache a folder for what is downloaded
     * @param out for people
     * @throws DataSetException if this very set cannot be had, or is damaged
     * @throws IllegalArgumentException if no set has the name
     */
    public static DataSet named(String name, Path cache, Map<String, String> environment, PrintStream out) {
        Screen screen = new Screen(new PrintWriter(out, true, StandardCharsets.UTF_8), Ansi.AUTO);
        DemoOptions options = new DemoOptions(
                name, Optional.empty(), RatingOptions.none(), cache, SyntheticDataSet.SMALLEST_SCALE, 0);
        DataSet found = new DataSetSearch(
                        KnownDataSet.all(),
                        Demo.folders(environment),
                        new Download(Demo.DOWNLOAD_PATIENCE, screen),
                        screen)
                .find(options);
        if (!found.name().equals(name)) {
            throw new DataSetException(name + " was not found, and " + found.name()
                    + " does not stand in for it here; put it into the folder that VELOX_DATA names");
        }
        return found;
    }
}
