package io.velox.serving.lifecycle;

import io.velox.core.log.NodeRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serving nodes, from what they report in the topic of health, read on the thread {@code node-feed}; of this node, from what it has
 * loaded itself. A node that has been silent for a while counts as gone.
 */
public final class NodeFeed implements ServingNodes, AutoCloseable {
    /** After which a node counts as gone; it reports three times in it. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(NodeFeed.class);

    private final String self;
    private final LoadedModels loaded;
    private final Clock clock;
    private final TopicReader reader;
    private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();

    private record Sighting(NodeRecord report, Instant at) {}

    /**
     * A feed that {@link #start} sets off.
     *
     * @param self this node's id
     * @param loaded what this node has loaded and refused
     */
    public NodeFeed(
            Supplier<Consumer<byte[], byte[]>> consumers, String topic, String self, LoadedModels loaded, Clock clock) {
        this.self = self;
        this.loaded = loaded;
        this.clock = clock;
        this.reader = new TopicReader("node-feed", consumers, topic, TopicReader.Start.BEGINNING, this::record);
    }

    private void record(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (!key.startsWith(NodeRecord.KEY_PREFIX)) {
            return;
        }
        String node = key.substring(NodeRecord.KEY_PREFIX.length());
        if (record.value() == null) {
            sightings.remove(node);
            return;
        }
        Instant now = clock.instant();
        Instant written = Instant.ofEpochMilli(record.timestamp());
        try {
            // Of what is read late it is known only when it was written; else no other clock than this node's counts.
            accept(
                    RecordCodec.read(record.value(), NodeRecord.class),
                    reader.ready().isDone() || written.isAfter(now) ? now : written);
        } catch (IOException e) {
            LOG.error("{}: record {} is no report of a node", record.topic(), record.offset(), e);
        }
    }

    /** Takes one report. */
    void accept(NodeRecord report, Instant at) {
        sightings.put(report.node(), new Sighting(report, at));
    }

    public NodeFeed start() {
        reader.start();
        return this;
    }

    /** Completes when every report of before the start is read. */
    public CompletableFuture<Void> ready() {
        return reader.ready();
    }

    /** The other nodes that are up. */
    private Stream<Sighting> up() {
        Instant since = clock.instant().minus(SILENCE);
        return sightings.values().stream()
                .filter(sighting -> sighting.at().isAfter(since))
                .filter(sighting -> !sighting.report().node().equals(self));
    }

    private Stream<NodeRecord> others() {
        return up().map(Sighting::report);
    }

    @Override
    public boolean isLoadedEverywhere(ModelVersion version) {
        return loaded.loaded(version).isPresent()
                && others().allMatch(report ->
                        report.versions().stream().anyMatch(v -> v.rejection() == null && v.id().equals(version)));
    }

    @Override
    public Optional<String> rejection(ModelVersion version) {
        return loaded.rejection(version).or(() -> others().flatMap(report -> report.versions().stream())
                .filter(v -> v.rejection() != null && v.id().equals(version))
                .map(v -> String.valueOf(v.rejection()))
                .findFirst());
    }

    @Override
    public Optional<String> lifecycleNode() {
        return up().filter(sighting -> sighting.report().runsLifecycle())
                .max(Comparator.comparing(Sighting::at))
                .map(sighting -> sighting.report().address());
    }

    /** The ids of nodes that have been silent for at least so long. */
    List<String> silentFor(Duration duration) {
        Instant since = clock.instant().minus(duration);
        return sightings.values().stream()
                .filter(sighting -> sighting.at().isBefore(since))
                .map(sighting -> sighting.report().node())
                .toList();
    }

    @Override
    public void close() {
        reader.close();
    }
}
