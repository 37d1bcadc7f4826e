package io.velox.serving.log;

import io.velox.core.error.Whereabouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of one topic, from its beginning or its end, for as long as the node runs, on a thread of its own; brokers may
 * come and go meanwhile.
 */
public final class TopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_MS = 200;

    /** Where reading begins. */
    public enum Start {
        BEGINNING,
        END
    }

    /** Receives what is read, on the reader's thread. */
    public interface Listener {
        /** One record. An exception is logged and costs this record only, or, before the reader is ready, ends it. */
        void record(ConsumerRecord<byte[], byte[]> record);

        /** Records were missed, because the topic no longer holds them; from now on none is. */
        default void gap() {}
    }

    private final String topic;
    private final Start start;
    private final Listener listener;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Thread thread;
    private Map<TopicPartition, Long> target = Map.of();
    private Set<TopicPartition> toSeek = Set.of();
    private boolean hasGap;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean closed;

    /** A reader that {@link #start} sets off; it closes the consumer that it takes. */
    public TopicReader(
            String threadName,
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            Start start,
            Listener listener) {
        this.topic = topic;
        this.start = start;
        this.listener = listener;
        this.consumers = consumers;
        this.thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
    }

    public TopicReader start() {
        thread.start();
        return this;
    }

    /**
     * Completes when the reader stands at the end (from {@code END}), or has delivered what the topic held when it began (from
     * {@code BEGINNING}); fails when the listener refused a record before that.
     */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    private void run() {
        try (Consumer<byte[], byte[]> taken = consumers.get()) {
            consumer = taken;
            boolean assigned = false;
            boolean failing = false;
            while (!closed) {
                try {
                    if (!assigned) {
                        assign(taken);
                        assigned = true;
                    }
                    seek(taken);
                    read(taken);
                    failing = false;
                } catch (InvalidOffsetException e) {
                    LOG.warn("{}: records were removed before they were read: {}", topic, e.getMessage());
                    toSeek = e.partitions();
                    hasGap = true;
                } catch (KafkaException e) {
                    if (!failing && !closed) {
                        LOG.warn("{} cannot be read, and is tried again until it can: {}", topic, e.toString());
                    }
                    failing = true;
                    pause();
                }
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("{} is no longer read: {}", topic, Whereabouts.of(e));
            }
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IllegalStateException("the reader of " + topic + " is closed"));
    }

    private void assign(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new KafkaException("the topic does not exist");
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        target = consumer.endOffsets(partitions);
        toSeek = Set.copyOf(partitions);
    }

    private void seek(Consumer<byte[], byte[]> consumer) {
        if (toSeek.isEmpty()) {
            return;
        }
        switch (start) {
            case BEGINNING -> consumer.seekToBeginning(toSeek);
            case END -> consumer.seekToEnd(toSeek);
        }
        // Seeking is lazy; a position that was asked for is one that is known.
        toSeek.forEach(consumer::position);
        toSeek = Set.of();
        if (hasGap) {
            hasGap = false;
            listener.gap();
        }
        checkReady(consumer);
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            try {
                listener.record(record);
            } catch (RuntimeException e) {
                if (!ready.isDone()) {
                    throw e;
                }
                LOG.error(
                        "{}: record {} of partition {} is passed over: {}",
                        topic,
                        record.offset(),
                        record.partition(),
                        Whereabouts.of(e));
            }
        }
        checkReady(consumer);
    }

    private void checkReady(Consumer<byte[], byte[]> consumer) {
        if (ready.isDone()) {
            return;
        }
        boolean isThere = target.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        if (start == Start.END || isThere) {
            ready.complete(null);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the reading, and waits a few seconds for the thread. */
    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> taken = consumer;
        if (taken != null) {
            taken.wakeup();
        }
        if (Thread.currentThread() != thread) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
