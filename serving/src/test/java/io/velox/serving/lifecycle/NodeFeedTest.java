package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.LogCut;
import io.velox.core.log.NodeRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import io.velox.serving.Eventually;
import io.velox.serving.ManualScheduler;
import io.velox.serving.log.FakeTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFeedTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);
    private static final ModelVersion TWO = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private final FakeTopic topic = new FakeTopic("health", 1, 0);
    private final MovableClock clock = new MovableClock();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private LoadedModels loaded;
    private NodeFeed feed;

    @BeforeEach
    void loadOneHere() {
        StoredVersions versions = new StoredVersions(folder);
        versions.write(ONE, new LogCut(0, Map.of()), List.of());
        loaded = new LoadedModels(versions.store(), new ManualScheduler(), Runnable::run);
        loaded.accept(new TreeMap<>(Map.of("als", entry(ONE, TWO))));
        feed = new NodeFeed(topic::consumer, "health", "self", loaded, clock);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private static CatalogueEntry entry(ModelVersion... ids) {
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS);
        for (ModelVersion id : ids) {
            entry = entry.with(new CatalogueEntry.Version(
                    id.version(), VersionState.PUBLISHED, ModelStore.manifestAddress(id), Instant.EPOCH, null, null));
        }
        return entry;
    }

    private NodeRecord report(String node, boolean runsLifecycle, NodeRecord.Version... versions) {
        return new NodeRecord(node, "http://" + node, clock.instant(), runsLifecycle, List.of(versions));
    }

    private static NodeRecord.Version has(ModelVersion id) {
        return new NodeRecord.Version(id.model(), id.version(), null);
    }

    @Test
    void aNodeAloneGoesByWhatItHasLoadedItself() {
        assertThat(feed.isLoadedEverywhere(ONE)).isTrue();
        assertThat(feed.isLoadedEverywhere(TWO)).isFalse();
        assertThat(feed.rejection(TWO)).as("it is not in the store").isPresent();
        assertThat(feed.lifecycleNode()).isEmpty();
    }

    @Test
    void everyNodeThatIsUpCounts() {
        feed.accept(report("a", false), clock.instant());
        assertThat(feed.isLoadedEverywhere(ONE)).isFalse();
        feed.accept(report("a", false, has(ONE)), clock.instant());
        assertThat(feed.isLoadedEverywhere(ONE)).isTrue();
        feed.accept(report("b", true, new NodeRecord.Version("als", 1, "truncated")), clock.instant());
        assertThat(feed.isLoadedEverywhere(ONE)).isFalse();
        assertThat(feed.rejection(ONE)).contains("truncated");
        assertThat(feed.lifecycleNode()).contains("http://b");
        feed.accept(report("self", true), clock.instant());
        assertThat(feed.lifecycleNode()).as("another").contains("http://b");
    }

    @Test
    void aNodeThatIsSilentIsGone() {
        feed.accept(report("a", true), clock.instant());
        clock.advance(NodeFeed.SILENCE.minusMillis(1));
        assertThat(feed.isLoadedEverywhere(ONE)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(feed.isLoadedEverywhere(ONE)).isTrue();
        assertThat(feed.lifecycleNode()).isEmpty();
        assertThat(feed.silentFor(Duration.ofSeconds(10))).containsExactly("a");
        feed.accept(report("a", true, has(ONE)), clock.instant());
        assertThat(feed.lifecycleNode()).as("it was only asleep").contains("http://a");
    }

    @Test
    void reportsAreToldFromOtherRecordsOfTheTopic() {
        topic.add(0, "0", RecordCodec.write(new HealthRecord("job", 0, 1, Instant.EPOCH, List.of())));
        topic.add(0, "history/als/1", new byte[] {'x'});
        topic.add(0, "node/a", RecordCodec.write(report("a", true, has(ONE))));
        feed.start().ready().orTimeout(5, TimeUnit.SECONDS).join();
        topic.add(0, "node/b", RecordCodec.write(report("b", true, has(ONE))));
        Eventually.await("the other node is seen", () -> feed.lifecycleNode().equals(Optional.of("http://b")));
        assertThat(feed.isLoadedEverywhere(ONE)).isTrue();
        topic.add(0, "node/b", null);
        Eventually.await("the other node has said that it ends", () -> feed.lifecycleNode()
                .isEmpty());
    }

    private NodeReporter reporter(boolean runsLifecycle) {
        return new NodeReporter(producer, "health", "self", "http://self", loaded, () -> runsLifecycle, feed, clock);
    }

    @Test
    void aNodeReportsWhatItHasLoadedAndRefused() throws Exception {
        reporter(true).tick();
        assertThat(producer.history()).hasSize(1);
        assertThat(new String(producer.history().get(0).key(), StandardCharsets.UTF_8))
                .isEqualTo("node/self");
        NodeRecord sent = RecordCodec.read(producer.history().get(0).value(), NodeRecord.class);
        assertThat(sent.runsLifecycle()).isTrue();
        assertThat(sent.address()).isEqualTo("http://self");
        assertThat(sent.versions()).hasSize(2).contains(has(ONE));
        assertThat(sent.versions().get(1).rejection())
                .isEqualTo(loaded.rejection(TWO).orElseThrow());
    }

    @Test
    void whatHasNotChangedIsReportedNowAndThen() {
        NodeReporter reporter = reporter(false);
        reporter.tick();
        clock.advance(Duration.ofMillis(4_999));
        reporter.tick();
        assertThat(producer.history()).hasSize(1);
        loaded.accept(new TreeMap<>(Map.of("als", entry(ONE))));
        reporter.tick();
        assertThat(producer.history()).as("a change is told at once").hasSize(2);
        clock.advance(Duration.ofSeconds(5));
        reporter.tick();
        assertThat(producer.history()).hasSize(3);
        reporter.close();
        assertThat(producer.history()).hasSize(4);
        assertThat(producer.history().get(3).value()).as("the node has ended").isNull();
    }

    @Test
    void theNodeWithTheRoleClearsAwayWhatCrashedNodesLeft() {
        feed.accept(report("crashed", false), clock.instant());
        clock.advance(Duration.ofMinutes(61));
        feed.accept(report("up", false), clock.instant());
        reporter(false).tick();
        assertThat(producer.history()).hasSize(1);
        reporter(true).tick();
        assertThat(producer.history()).hasSize(3);
        assertThat(producer.history().get(2).value()).isNull();
        assertThat(producer.history().get(2).key()).asString().isEqualTo("node/crashed");
    }

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
