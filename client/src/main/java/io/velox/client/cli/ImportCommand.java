package io.velox.client.cli;

import io.velox.client.Observation;
import io.velox.client.ObservationPipeline;
import io.velox.client.VeloxClientException;
import io.velox.client.ratings.RatingLine;
import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
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
                    + " Bad lines are named by number and the rest is imported; importing a file again does no harm."
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ImportCommand implements Callable<Integer> {
    private static final int SHOWN_BAD_LINES = 20;

    @Mixin
    private Connection connection;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Observations in one request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "4",
            description = "Requests at a time (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    @Mixin
    private RatingArguments layout;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The file, in UTF-8, or a folder or zip file with it; - for standard input.")
    private String file;

    private final AtomicInteger badLines = new AtomicInteger();

    @Override
    public Integer call() throws IOException {
        long imported;
        try (RatingReader lines = file.equals("-")
                        ? RatingReader.open(System.in, layout.options())
                        : RatingReader.open(Path.of(file), layout.options());
                Progress progress = Progress.of(connection.err(), "imported")) {
            send(lines, progress);
            imported = progress.count();
        }
        int bad = badLines.get();
        if (connection.isJson()) {
            connection.printJson(Map.of("imported", imported, "badLines", bad));
        } else {
            connection
                    .out()
                    .println("Imported " + imported + " observations"
                            + (bad == 0 ? "." : "; " + bad + " bad lines were left out."));
        }
        return bad == 0 ? 0 : 1;
    }

    private void send(RatingReader lines, Progress progress) throws IOException {
        ObservationPipeline.Listener listener = new ObservationPipeline.Listener() {
            @Override
            public void acknowledged(long at, Observation observation, String receipt) {
                progress.addAt(1, lines.fraction());
            }

            @Override
            public void refused(long at, Observation observation, VeloxClientException reason) {
                bad(at, reason.detail());
            }
        };
        try (ObservationPipeline pipeline = new ObservationPipeline(connection.client(), inFlight, batch, listener)) {
            for (Optional<RatingLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get() instanceof RatingLine.Good good) {
                    Observation observation = good.observation();
                    pipeline.add(good.number(), observation.id() == null ? observation.namedByContent() : observation);
                } else if (line.get() instanceof RatingLine.Bad bad) {
                    bad(bad.number(), bad.reason());
                }
            }
        }
    }

    private synchronized void bad(long number, String reason) {
        int before = badLines.getAndIncrement();
        if (before < SHOWN_BAD_LINES) {
            connection.err().println("line " + number + ": " + reason);
        } else if (before == SHOWN_BAD_LINES) {
            connection.err().println("(further bad lines are only counted)");
        }
    }
}
