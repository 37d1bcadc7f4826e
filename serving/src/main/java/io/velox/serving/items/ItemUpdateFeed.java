package io.velox.serving.items;

import io.velox.core.log.ItemUpdateCodec;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what ratings say of new items, from the beginning of their topic, into the registry, on the thread {@code item-update-feed}. A record that is none
 * is passed over.
 */
public final class ItemUpdateFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ItemUpdateFeed.class);

    private final ItemRegistry registry;
    private final TopicReader reader;

    /** A feed that {@link #start} sets off. */
    public ItemUpdateFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic, ItemRegistry registry) {
        this.registry = registry;
        this.reader = new TopicReader("item-update-feed", consumers, topic, TopicReader.Start.BEGINNING, this::record);
    }

    private void record(ConsumerRecord<byte[], byte[]> record) {
        try {
            registry.learn(ItemUpdateCodec.read(record.key(), record.value()));
        } catch (IOException e) {
            LOG.error("{}: record {} is no update of an item", record.topic(), record.offset(), e);
        }
    }

    public ItemUpdateFeed start() {
        reader.start();
        return this;
    }

    /** Completes when everything is read that the topic held at the start. */
    public CompletableFuture<Void> ready() {
        return reader.ready();
    }

    @Override
    public void close() {
        reader.close();
    }
}
