package io.velox.serving.items;

import io.velox.core.error.VeloxException;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.RecordCodec;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topic of items from its beginning into the registry, on the thread {@code item-feed}. A record that is none is passed over. */
public final class ItemFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ItemFeed.class);

    private final ItemRegistry registry;
    private final TopicReader reader;

    /** A feed that {@link #start} sets off. */
    public ItemFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic, ItemRegistry registry) {
        this.registry = registry;
        this.reader = new TopicReader("item-feed", consumers, topic, TopicReader.Start.BEGINNING, this::record);
    }

    private void record(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() == null) {
                registry.remove(ItemKey.of(record.key()), record.offset());
            } else {
                registry.accept(RecordCodec.read(record.value(), ItemRecord.class), record.offset());
            }
        } catch (IOException | VeloxException e) {
            LOG.error("{}: record {} is no registration of an item", record.topic(), record.offset(), e);
        }
    }

    public ItemFeed start() {
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
