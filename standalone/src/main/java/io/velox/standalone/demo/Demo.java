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

/** The demonstration, against a Velox that runs. */
public final class Demo {
    private static final Duration DOWNLOAD_PATIENCE = Duration.ofSeconds(30);

    private Demo() {}

    /**
     * Shows the whole of Velox on one data set, for people, and prints the result as one line of JSON at the end.
     *
     * @param api where Velox listens
     * @param storeDescription {@code file} or {@code alluxio}, for the result
     * @return 0, or 1 if something went wrong, which is then the last line of {@code out}
     */
    public static int run(DemoOptions options, URI api, String storeDescription, PrintStream out) {
        PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
        Screen screen = new Screen(writer, Ansi.AUTO);
        try {
            DataSet data = new DataSetSearch(folders(System.getenv()), new Download(DOWNLOAD_PATIENCE, screen), screen)
                    .find(options);
            DemoReport report = new DemoCourse(
                            new VeloxClient(api, Credentials.of(System.getenv())),
                            data,
                            new Split(options.seed()),
                            screen,
                            Clock.systemUTC())
                    .run(storeDescription);
            screen.next(api, report.version());
            screen.json(report.toJson());
            return 0;
        } catch (DataSetException
                | VeloxClientException
                | VersionFailedException
                | IllegalArgumentException
                | IllegalStateException e) {
            writer.println("velox demo: " + e.getMessage());
            return 1;
        }
    }

    /** Where data sets are looked for: $VELOX_DATA, then the folder that is shared beside the repository. */
    private static List<Path> folders(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        Optional.ofNullable(environment.get("VELOX_DATA")).map(Path::of).ifPresent(folders::add);
        folders.add(Path.of(environment.getOrDefault("VELOX_HOME", "."))
                .resolve("../shared/data")
                .normalize());
        return folders;
    }
}
