package io.velox.client.cli;

import io.velox.client.BulkRequest;
import io.velox.client.BulkResult;
import io.velox.client.Patience;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.cli.ImportChunk.BadLine;
import io.velox.client.ratings.RatingLine;
import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file in requests of many lines, one after the other, so that the lines of a user stay in order; while one is sent, the next
 * is read. A request that fails for the time being is sent again, which does no harm because the import has a name.
 */
final class FileImport {
    private static final Duration READ_PATIENCE = Duration.ofMinutes(10);

    /**
     * What is imported.
     *
     * @param name by which Velox knows each line again
     * @param fromLine the first line of the file that is sent
     * @param linesPerRequest at most
     * @param patience how long a request is tried again
     */
    record Plan(String name, long fromLine, int linesPerRequest, Duration patience) {}

    /** Told of each request that Velox has taken, with the users of its observations in the order of the lines. */
    interface Listener {
        void taken(BulkResult result, List<String> users) throws IOException;
    }

    /** An import that did not come to its end; the message says why, and how to go on. */
    static final class BrokenOffException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private BrokenOffException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final VeloxClient client;
    private final Plan plan;
    private final BadLines bad;
    private final Listener listener;
    private final Patience patience;
    private volatile long lastReadNanos = System.nanoTime();
    private @Nullable RatingLine ahead;
    private String textAhead = "";

    FileImport(VeloxClient client, Plan plan, BadLines bad, Listener listener) {
        this.client = client;
        this.plan = plan;
        this.bad = bad;
        this.listener = listener;
        this.patience = new Patience(plan.patience());
    }

    /** Sends what the reader has, to its end. */
    void run(RatingReader reader) throws IOException {
        ExecutorService reading = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "velox-import-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Optional<ImportChunk> chunk = await(reading.submit(() -> next(reader)));
            while (chunk.isPresent()) {
                Future<Optional<ImportChunk>> next = reading.submit(() -> next(reader));
                send(chunk.get());
                try {
                    chunk = await(next);
                } catch (IOException | IllegalStateException e) {
                    throw brokenOff(chunk.get().endLine(), String.valueOf(e.getMessage()), e);
                }
            }
        } finally {
            reading.shutdownNow();
        }
    }

    private Optional<ImportChunk> next(RatingReader reader) throws IOException {
        RatingLine line = ahead == null ? read(reader) : ahead;
        if (line == null) {
            return Optional.empty();
        }
        ImportChunk chunk = new ImportChunk(line.number(), plan.linesPerRequest());
        while (line != null && chunk.hasRoomFor(line.number())) {
            chunk.add(line, textAhead);
            line = read(reader);
        }
        ahead = line;
        return Optional.of(chunk);
    }

    private @Nullable RatingLine read(RatingReader reader) throws IOException {
        Optional<RatingLine> line = reader.next();
        while (line.isPresent() && line.get().number() < plan.fromLine()) {
            line = reader.next();
        }
        textAhead = reader.text();
        lastReadNanos = System.nanoTime();
        return line.orElse(null);
    }

    private void send(ImportChunk chunk) throws IOException {
        BulkResult first = post(chunk);
        tell(chunk.bad(first));
        Set<Long> refused = refused(first);
        BulkResult result = first;
        ImportChunk part = chunk;
        while (result.problemsOmitted() > 0) {
            // What is behind the last problem told is sent again, which changes nothing but tells more of them.
            part = part.after(
                    result.problems().get(result.problems().size() - 1).line());
            result = post(part);
            tell(part.bad(result));
            refused.addAll(refused(result));
        }
        listener.taken(first, chunk.users(refused));
    }

    private static Set<Long> refused(BulkResult result) {
        return result.problems().stream().map(BulkResult.Problem::line).collect(Collectors.toCollection(HashSet::new));
    }

    private void tell(List<BadLine> lines) throws IOException {
        for (BadLine line : lines) {
            bad.add(line);
        }
        bad.flush();
    }

    private BulkResult post(ImportChunk chunk) {
        BulkRequest request =
                BulkRequest.of(BulkRequest.Format.NDJSON).named(plan.name()).from(chunk.firstLine());
        try {
            return patience.get(() -> client.observeBulk(request, chunk::stream));
        } catch (VeloxClientException e) {
            throw brokenOff(chunk.firstLine(), e.detail(), e);
        } catch (IllegalStateException e) {
            throw brokenOff(chunk.firstLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private BrokenOffException brokenOff(long line, String why, Exception cause) {
        return new BrokenOffException(
                why + "; everything before line " + line + " is imported: to go on, say --from-line " + line
                        + " --name '" + plan.name() + "'",
                cause);
    }

    /** As long as lines come, however slowly. */
    private Optional<ImportChunk> await(Future<Optional<ImportChunk>> chunk) throws IOException {
        while (true) {
            try {
                long left = READ_PATIENCE.toNanos() - (System.nanoTime() - lastReadNanos);
                return chunk.get(Math.max(1, left), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - lastReadNanos >= READ_PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "nothing could be read for " + READ_PATIENCE.toMinutes() + " minutes", e);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException unreadable) {
                    throw unreadable;
                }
                throw new IllegalStateException("the file cannot be read: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while reading", e);
            }
        }
    }
}
