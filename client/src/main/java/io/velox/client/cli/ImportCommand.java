package io.velox.client.cli;

import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Tells Velox what users did, from a file: CSV with a header, NDJSON as observe takes it, MovieLens's user::item::rating::time"
                    + " or its tabs; plain, packed with gzip, or inside a zip file or folder.",
            "Columns are found by their names (uid or userId, item or movieId, label or rating, timestamp, id) or as --columns says."
                    + " Bad lines are named by number and kept in a file, and the rest is imported; importing a file again does no harm."
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ImportCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 1_000_000;

    @Mixin
    private Connection connection;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Lines in one request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "Names the import, by which Velox knows its lines when they come again (default: the file's name and a hash of"
                            + " its contents; of standard input, a new one).")
    private @Nullable String name;

    @Option(
            names = "--from-line",
            paramLabel = "N",
            defaultValue = "1",
            description = "Leaves out the lines before, to go on with an import that broke off.")
    private long fromLine;

    @Option(
            names = "--bad-lines",
            paramLabel = "PATH",
            description =
                    "Where lines that are no observations are kept: number, reason and line, with tabs between (default: FILE.bad; of"
                            + " standard input, nowhere).")
    private @Nullable Path badLines;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to try again while Velox is away or overloaded (default: ${DEFAULT-VALUE}).")
    private long patienceSeconds;

    @Option(names = "--wait", description = "Wait until the last line is learnt, not only in the log.")
    private boolean isWaiting;

    @Mixin
    private RatingArguments layout;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The file, in UTF-8, or a folder or zip file with it; - for standard input.")
    private String file;

    @Override
    public Integer call() throws IOException {
        if (batch < 1 || batch > MAX_BATCH || fromLine < 1 || patienceSeconds < 1) {
            throw connection.wrong(
                    "--batch must be 1 to " + MAX_BATCH + ", --from-line at least 1 and --patience at least 1");
        }
        boolean isStandardInput = file.equals("-");
        String importName = name != null
                ? name
                : isStandardInput ? ImportName.random() : ImportName.of(Path.of(file), layout.options());
        Duration patience = Duration.ofSeconds(patienceSeconds);
        Learnt learnt = new Learnt(connection.client());
        long imported;
        long bad;
        try (RatingReader lines = isStandardInput
                        ? RatingReader.open(System.in, layout.options())
                        : RatingReader.open(Path.of(file), layout.options());
                BadLines kept = new BadLines(connection.err(), badLines(isStandardInput), fromLine > 1);
                Progress progress = Progress.of(connection.err(), "imported")) {
            new FileImport(
                            connection.client(),
                            new FileImport.Plan(importName, fromLine, batch, patience),
                            kept,
                            (result, users) -> {
                                progress.addAt(result.accepted(), lines.fraction());
                                if (isWaiting) {
                                    learnt.add(users, result.receipts());
                                }
                            })
                    .run(lines);
            imported = progress.count();
            bad = kept.count();
        }
        if (isWaiting) {
            learnt.await(patience);
        }
        print(imported, bad, importName, badLines(isStandardInput));
        return bad == 0 ? 0 : 1;
    }

    private void print(long imported, long bad, String importName, Optional<Path> kept) {
        if (connection.isJson()) {
            connection.printJson(Map.of("imported", imported, "badLines", bad, "name", importName));
        } else {
            String where = kept.map(path -> "; they are in " + path).orElse("");
            connection
                    .out()
                    .println("Imported " + imported + " observations"
                            + (bad == 0 ? "." : "; " + bad + " bad lines were left out" + where + "."));
        }
    }

    private Optional<Path> badLines(boolean isStandardInput) {
        if (badLines != null || isStandardInput) {
            return Optional.ofNullable(badLines);
        }
        Path path = Path.of(file).toAbsolutePath().normalize();
        return Optional.of(path.resolveSibling(path.getFileName() + ".bad"));
    }
}
