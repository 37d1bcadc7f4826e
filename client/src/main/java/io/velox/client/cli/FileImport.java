package io.velox.client.cli;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.velox.client.BulkRequest;
import io.velox.client.BulkResult;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.cli.ImportChunk.BadLine;
import io.velox.client.ratings.RatingLine;
import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Told of each request that Velox has taken. */
    interface Listener {
        void taken(ImportChunk chunk, BulkResult result) throws IOException;
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
    private final FailsafeExecutor<BulkResult> patient;
    private @Nullable RatingLine ahead;
    private String textAhead = "";

    FileImport(VeloxClient client, Plan plan, BadLines bad, Listener listener) {
        this.client = client;
        this.plan = plan;
        this.bad = bad;
        this.listener = listener;
        this.patient = Failsafe.with(RetryPolicy.<BulkResult>builder()
                .handleIf(e -> e instanceof VeloxClientException refused && refused.isPassing())
                .withBackoff(Duration.ofMillis(500), Duration.ofSeconds(10))
                .withJitter(0.2)
                .withMaxRetries(-1)
                .withMaxDuration(plan.patience())
                .build());
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
                chunk = await(next);
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
        return line.orElse(null);
    }

    private void send(ImportChunk chunk) throws IOException {
        BulkResult result = post(chunk);
        tell(chunk.bad(result));
        listener.taken(chunk, result);
        ImportChunk part = chunk;
        while (result.problemsOmitted() > 0) {
            // What is behind the last problem told is sent again, which changes nothing but tells more of them.
            part = part.after(
                    result.problems().get(result.problems().size() - 1).line());
            result = post(part);
            tell(part.bad(result));
        }
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
            return patient.get(() -> client.observeBulk(request, chunk::stream));
        } catch (VeloxClientException e) {
            throw brokenOff(chunk, e.detail(), e);
        } catch (FailsafeException e) {
            // Only an interrupted pause between two attempts comes here.
            Thread.currentThread().interrupt();
            throw brokenOff(chunk, "interrupted", e);
        }
    }

    private BrokenOffException brokenOff(ImportChunk chunk, String why, RuntimeException cause) {
        return new BrokenOffException(
                why + "; everything before line " + chunk.firstLine() + " is imported: to go on, say --from-line "
                        + chunk.firstLine() + " --name '" + plan.name() + "'",
                cause);
    }

    private static Optional<ImportChunk> await(Future<Optional<ImportChunk>> chunk) throws IOException {
        try {
            return chunk.get(READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new IllegalStateException("the file cannot be read: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("nothing could be read for " + READ_PATIENCE.toMinutes() + " minutes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        }
    }
}
