package io.velox.standalone.demo;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.velox.client.BulkRequest;
import io.velox.client.BulkResult;
import io.velox.client.Observation;
import io.velox.client.Patience;
import io.velox.client.VeloxClient;
import io.velox.client.cli.Progress;
import io.velox.standalone.demo.Split.Parts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the first half of the ratings through the bulk import, some thousand lines in a request; the next ones are written while a
 * request is on its way. The lines are named by the import, so that sending them again does no harm. Used once.
 */
final class BulkImport {
    private static final int LINES = 20_000;
    private static final long LONGEST_WAIT_MINUTES = 15;
    private static final Patience PATIENCE = new Patience(Duration.ofMinutes(2));

    private static final ObjectWriter JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writerFor(Observation.class);

    private final VeloxClient client;
    private final String name;
    private final Progress progress;
    private final long total;
    private final ThreadPoolExecutor sender =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), task -> {
                Thread thread = new Thread(task, "velox-demo-import");
                thread.setDaemon(true);
                return thread;
            });
    private ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private int count;
    private long firstLine = 1;
    private @Nullable Future<?> underWay;

    /**
     * An import.
     *
     * @param name of the same ratings always the same
     * @param total of observations to come, for the progress
     */
    BulkImport(VeloxClient client, String name, Progress progress, long total) {
        this.client = client;
        this.name = name;
        this.progress = progress;
        this.total = total;
    }

    /** Returns when all is acknowledged. */
    void send(Stream<Parts> users) {
        try (users) {
            for (Iterator<Parts> i = users.iterator(); i.hasNext(); ) {
                Parts user = i.next();
                for (Rating rating : user.imported()) {
                    add(new Observation(
                            user.uid(), TextNode.valueOf(rating.item()), rating.label(), rating.timestamp(), null));
                }
            }
            flush();
            await();
        } finally {
            sender.shutdownNow();
        }
    }

    private void add(Observation observation) {
        try {
            lines.write(JSON.writeValueAsBytes(observation));
            lines.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a rating can always be written to memory", e);
        }
        count++;
        if (count == LINES) {
            flush();
        }
    }

    private void flush() {
        if (count == 0) {
            return;
        }
        await();
        byte[] body = lines.toByteArray();
        int sent = count;
        BulkRequest request =
                BulkRequest.of(BulkRequest.Format.NDJSON).named(name).from(firstLine);
        underWay = sender.submit(() -> {
            BulkResult result = PATIENCE.get(() -> client.observeBulk(request, () -> new ByteArrayInputStream(body)));
            if (result.accepted() != sent) {
                throw new IllegalStateException(
                        "of " + sent + " ratings " + result.refused() + " were refused: " + result.problems());
            }
            progress.add(sent, total);
        });
        firstLine += count;
        count = 0;
        lines = new ByteArrayOutputStream(body.length);
    }

    private void await() {
        Future<?> request = underWay;
        if (request == null) {
            return;
        }
        try {
            request.get(LONGEST_WAIT_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "ratings were not acknowledged within " + LONGEST_WAIT_MINUTES + " minutes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while importing", e);
        }
    }
}
