package io.velox.serving.users;

import io.velox.core.log.UserUpdate;
import io.velox.core.log.UserUpdateCodec;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The feed of changes of user models, from now on, given to each listener in turn on the thread {@code user-feed}. */
public final class UserFeed implements AutoCloseable {
    /** Hears of changes; quick, because every user's updates wait for it. */
    public interface Listener {
        void update(UserUpdate update);

        /** Some updates may never come. */
        void gap();
    }

    private final TopicReader reader;
    private final CompletableFuture<Void> ready;

    public UserFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic, List<Listener> listeners) {
        this.reader = new TopicReader("user-feed", consumers, topic, TopicReader.Start.END, new TopicReader.Listener() {
            @Override
            public void record(ConsumerRecord<byte[], byte[]> record) {
                UserUpdate update = decode(record.value());
                listeners.forEach(listener -> listener.update(update));
            }

            @Override
            public void gap() {
                listeners.forEach(Listener::gap);
            }
        });
        // What the listeners learnt elsewhere before this may lack an update that came too early to be read here.
        this.ready = reader.ready().thenRun(() -> listeners.forEach(Listener::gap));
    }

    private static UserUpdate decode(byte[] value) {
        try {
            return UserUpdateCodec.read(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public UserFeed start() {
        reader.start();
        return this;
    }

    /** Completes when no later update can be missed, and the listeners have heard that earlier ones were. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public void close() {
        reader.close();
    }
}
