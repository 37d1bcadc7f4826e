package io.velox.client.cli;

import io.velox.client.Observation;
import io.velox.client.ObservationPipeline;
import io.velox.client.VeloxClientException;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Tells Velox what users did, from a file: NDJSON, CSV with a header (uid, item, label, timestamp, id), or MovieLens's"
                    + " user::item::rating::time.",
            "Bad lines are named by number and the rest is imported; importing a file again does no harm."
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ImportCommand implements Callable<Integer> {
    private static final int SHOWN_BAD_LINES = 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

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

    @Parameters(index = "0", paramLabel = "FILE", description = "The file, in UTF-8; - for standard input.")
    private String file;

    private final AtomicInteger badLines = new AtomicInteger();

    @Override
    public Integer call() throws IOException {
        boolean isStandardInput = file.equals("-");
        long size = isStandardInput ? -1 : Files.size(Path.of(file));
        CountingStream bytes = new CountingStream(isStandardInput ? System.in : Files.newInputStream(Path.of(file)));
        long imported;
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
                Progress progress = Progress.of(connection.err(), "imported")) {
            send(lines, progress, bytes, size);
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

    private void send(BufferedReader lines, Progress progress, CountingStream bytes, long size) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return;
        }
        ObservationFormat format = ObservationFormat.of(line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line);
        long number = 1;
        if (format.hasHeader()) {
            line = lines.readLine();
            number++;
        }
        ObservationPipeline.Listener listener = new ObservationPipeline.Listener() {
            @Override
            public void acknowledged(long at, Observation observation, String receipt) {
                progress.addAt(1, size > 0 ? (double) bytes.count / size : Double.NaN);
            }

            @Override
            public void refused(long at, Observation observation, VeloxClientException reason) {
                bad(at, reason.detail());
            }
        };
        try (ObservationPipeline pipeline = new ObservationPipeline(connection.client(), inFlight, batch, listener)) {
            for (; line != null; line = lines.readLine(), number++) {
                if (!line.isBlank()) {
                    Observation observation;
                    try {
                        observation = format.read(line);
                    } catch (IllegalArgumentException e) {
                        bad(number, String.valueOf(e.getMessage()));
                        continue;
                    }
                    pipeline.add(number, observation.id() == null ? observation.namedByContent() : observation);
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

    private static final class CountingStream extends FilterInputStream {
        private volatile long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reading thread only
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                count += read;
            }
            return read;
        }
    }
}
