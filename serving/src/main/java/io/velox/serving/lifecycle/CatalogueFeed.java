package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.RecordCodec;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The catalogue, read from its topic: one immutable picture of all entries when the topic has been read to its end, and another after
 * each change. An entry that cannot be read ends the start with {@code CORRUPT_MODEL}; later, it leaves the picture as it was.
 */
public final class CatalogueFeed implements AutoCloseable {
    private final Consumer<SortedMap<String, CatalogueEntry>> listener;
    private final TopicReader reader;
    private final CompletableFuture<Void> ready;
    private final SortedMap<String, CatalogueEntry> entries = new TreeMap<>();
    private boolean isCaughtUp;

    /** @param listener called on the thread {@code catalogue-feed} */
    public CatalogueFeed(
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            String topic,
            Consumer<SortedMap<String, CatalogueEntry>> listener) {
        this.listener = listener;
        this.reader = new TopicReader("catalogue-feed", consumers, topic, TopicReader.Start.BEGINNING, this::record);
        this.ready = reader.ready().thenRun(() -> {
            isCaughtUp = true;
            publish();
        });
    }

    /**
     * The catalogue as it is now. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE} if it could not be read within {@code patience}, {@code CORRUPT_MODEL}
     */
    public static SortedMap<String, CatalogueEntry> read(
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            String topic,
            Duration patience) {
        CompletableFuture<SortedMap<String, CatalogueEntry>> picture = new CompletableFuture<>();
        try (CatalogueFeed feed = new CatalogueFeed(consumers, topic, picture::complete).start()) {
            feed.ready().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return picture.join();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VeloxException cause ? cause : unread(e);
        } catch (TimeoutException e) {
            throw unread(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unread(e);
        }
    }

    private static VeloxException unread(Exception cause) {
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the catalogue could not be read: " + cause, cause);
    }

    private void record(ConsumerRecord<byte[], byte[]> record) {
        String model = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            entries.remove(model);
        } else {
            entries.put(model, decode(model, record.value()));
        }
        if (isCaughtUp) {
            publish();
        }
    }

    private void publish() {
        listener.accept(Collections.unmodifiableSortedMap(new TreeMap<>(entries)));
    }

    private static CatalogueEntry decode(String model, byte[] value) {
        try {
            return RecordCodec.read(value, CatalogueEntry.class);
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.CORRUPT_MODEL,
                    "the catalogue's entry of model " + model + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    public CatalogueFeed start() {
        reader.start();
        return this;
    }

    /** Completes when the listener has the first picture. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public void close() {
        reader.close();
    }
}
