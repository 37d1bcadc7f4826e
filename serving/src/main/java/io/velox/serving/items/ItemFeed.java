package io.velox.serving.items;

import io.velox.core.error.VeloxException;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.ItemUpdateCodec;
import io.velox.core.log.RecordCodec;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a topic about items from its beginning into the registry, on a thread of its own. A record that is none is passed over. */
public final class ItemFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ItemFeed.class);

    private final TopicReader reader;

    /** What becomes of a record. */
    private interface Reading {
        void read(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    private ItemFeed(String name, Supplier<Consumer<byte[], byte[]>> consumers, String topic, Reading reading) {
        this.reader = new TopicReader(name, consumers, topic, TopicReader.Start.BEGINNING, record -> {
            try {
                reading.read(record);
            } catch (IOException | VeloxException e) {
                LOG.error("{}: record {} says nothing of an item", record.topic(), record.offset(), e);
            }
        });
    }

    /** What is registered of items; the feed is set off by {@link #start}. */
    public static ItemFeed ofRegistrations(
            Supplier<Consumer<byte[], byte[]>> consumers, String topic, ItemRegistry registry) {
        return new ItemFeed("item-feed", consumers, topic, record -> {
            if (record.value() == null) {
                registry.remove(ItemKey.of(record.key()), record.offset());
            } else {
                registry.accept(RecordCodec.read(record.value(), ItemRecord.class), record.offset());
            }
        });
    }

    /** What ratings say of new items; the feed is set off by {@link #start}. */
    public static ItemFeed ofUpdates(
            Supplier<Consumer<byte[], byte[]>> consumers, String topic, ItemRegistry registry) {
        return new ItemFeed(
                "item-update-feed",
                consumers,
                topic,
                record -> registry.learn(ItemUpdateCodec.read(record.key(), record.value())));
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
