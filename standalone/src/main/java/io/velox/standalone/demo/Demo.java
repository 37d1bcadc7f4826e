package io.velox.standalone.demo;

import io.velox.client.Credentials;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.VersionFailedException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** The demonstration: on ratings that have been found, against a Velox that runs. Used once. */
public final class Demo {
    static final Duration DOWNLOAD_PATIENCE = Duration.ofSeconds(30);

    private final DataSet data;
    private final Split split;
    private final Census census;
    private final Screen screen;

    private Demo(DataSet data, Split split, Census census, Screen screen) {
        this.data = data;
        this.split = split;
        this.census = census;
        this.screen = screen;
    }

    /**
     * Finds the ratings and reads them through once.
     *
     * @param out for people
     * @throws DataSetException with the reason, if they cannot be had or are damaged
     */
    public static Demo of(DemoOptions options, PrintStream out) {
        Screen screen = new Screen(new PrintWriter(out, true, StandardCharsets.UTF_8), Ansi.AUTO);
        screen.step(
                "The ratings",
                "Read user by user; of each user, a seeded tenth is for tests, half of the rest comes before training.");
        DataSet data = new DataSetSearch(
                        KnownDataSet.all(), folders(System.getenv()), new Download(DOWNLOAD_PATIENCE, screen), screen)
                .find(options);
        Split split = new Split(options.seed());
        Census census = Census.of(data, split);
        screen.say(
                "%s: %,d ratings by %,d users of %,d items",
                data.name(), census.ratings(), census.users(), census.items());
        return new Demo(data, split, census, screen);
    }

    /** How many ratings there are in all. */
    public long ratings() {
        return census.ratings();
    }

    /**
     * Shows the whole of Velox on the ratings, for people, and prints the result as one line of JSON at the end.
     *
     * @param api where Velox listens
     * @param staysUp whether Velox can still be asked afterwards
     * @param storeDescription {@code file} or {@code alluxio}, for the result
     * @return 0, or 1 if something went wrong, which is then the last line that is printed
     */
    public int run(URI api, boolean staysUp, String storeDescription) {
        try {
            VeloxClient client = new VeloxClient(api, Credentials.of(System.getenv()));
            DemoReport report =
                    new DemoCourse(client, data, split, census, screen, Clock.systemUTC()).run(storeDescription);
            if (staysUp) {
                screen.next(api, report.version());
            }
            screen.json(report.toJson());
            return 0;
        } catch (DataSetException
                | VeloxClientException
                | VersionFailedException
                | IllegalArgumentException
                | IllegalStateException e) {
            screen.failure(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    /** Where data sets are looked for: $VELOX_DATA, then the folder that is shared beside the repository. */
    static List<Path> folders(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        Optional.ofNullable(environment.get("VELOX_DATA")).map(Path::of).ifPresent(folders::add);
        folders.add(Path.of(environment.getOrDefault("VELOX_HOME", "."))
                .resolve("../shared/data")
                .normalize());
        return folders;
    }
}
