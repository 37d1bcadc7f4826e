package io.velox.serving.lifecycle;

import io.velox.core.log.NodeRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports this node to the others: what it has loaded and refused, and whether it runs the lifecycle; soon after something has changed,
 * and every few seconds. The node that runs the lifecycle clears away what nodes that crashed have left. Confined to its executor.
 */
public final class NodeReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(5);
    private static final Duration CLEARED_AFTER = Duration.ofHours(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final String node;
    private final String address;
    private final LoadedModels models;
    private final BooleanSupplier runsLifecycle;
    private final NodeFeed feed;
    private final Clock clock;
    private @Nullable NodeRecord last;
    private boolean isFailing;

    /**
     * A reporter that {@link #start} sets off; it closes the producer.
     *
     * @param node this node's id
     * @param address of this node's API
     */
    public NodeReporter(
            Producer<byte[], byte[]> producer,
            String topic,
            String node,
            String address,
            LoadedModels models,
            BooleanSupplier runsLifecycle,
            NodeFeed feed,
            Clock clock) {
        this.producer = producer;
        this.topic = topic;
        this.node = node;
        this.address = address;
        this.models = models;
        this.runsLifecycle = runsLifecycle;
        this.feed = feed;
        this.clock = clock;
    }

    /** Reports from now on. {@code executor}: a single thread. */
    public NodeReporter start(ScheduledExecutorService executor) {
        var unused = executor.scheduleWithFixedDelay(this::tick, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    void tick() {
        try {
            report();
            isFailing = false;
        } catch (RuntimeException e) {
            if (!isFailing) {
                LOG.warn("this node cannot report itself, and tries until it can: {}", e.toString());
            }
            isFailing = true;
        }
    }

    private void report() {
        NodeRecord now = new NodeRecord(node, address, clock.instant(), runsLifecycle.getAsBoolean(), versions());
        NodeRecord before = last;
        if (before != null
                && now.saysTheSameAs(before)
                && now.at().isBefore(before.at().plus(AT_LEAST_EVERY))) {
            return;
        }
        send(node, RecordCodec.write(now));
        last = now;
        if (now.runsLifecycle()) {
            feed.silentFor(CLEARED_AFTER).forEach(gone -> send(gone, null));
        }
    }

    private List<NodeRecord.Version> versions() {
        List<NodeRecord.Version> versions = new ArrayList<>();
        models.entries().values().forEach(entry -> entry.loaded().forEach(version -> {
            ModelVersion id = entry.id(version);
            String rejection = models.rejection(id).orElse(null);
            if (rejection != null || models.loaded(id).isPresent()) {
                versions.add(new NodeRecord.Version(id.model(), id.version(), rejection));
            }
        }));
        return versions;
    }

    private void send(String id, byte @Nullable [] value) {
        byte[] key = (NodeRecord.KEY_PREFIX + id).getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Takes the node's report away, after the executor has ended. */
    @Override
    public void close() {
        try (producer) {
            send(node, null);
            producer.close(CLOSE_TIMEOUT);
        }
    }
}
