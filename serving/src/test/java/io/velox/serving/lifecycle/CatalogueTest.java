package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.serving.Eventually;
import io.velox.serving.log.FakeTopic;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final CatalogueEntry ALS = CatalogueEntry.of("als", ModelKind.ALS);

    private final FakeTopic topic = new FakeTopic("catalog", 1, 0);
    private final List<SortedMap<String, CatalogueEntry>> pictures = new CopyOnWriteArrayList<>();
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final CatalogueWriter writer = new CatalogueWriter(
            () -> {
                producers.add(new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()));
                return producers.get(producers.size() - 1);
            },
            "catalog");

    private CatalogueFeed feed() {
        return new CatalogueFeed(topic::consumer, "catalog", pictures::add);
    }

    private static CatalogueEntry withVersion(CatalogueEntry entry, int number, VersionState state) {
        return entry.with(new CatalogueEntry.Version(number, state, "m", Instant.EPOCH, null, null));
    }

    @Test
    void theFirstPictureIsOfTheEndAndEachChangeGivesAnother() {
        topic.add(0, "als", RecordCodec.write(ALS));
        topic.add(0, "als", RecordCodec.write(withVersion(ALS, 1, VersionState.ACTIVE)));
        topic.add(0, "gone", RecordCodec.write(CatalogueEntry.of("gone", ModelKind.ALS)));
        topic.add(0, "gone", null);
        try (CatalogueFeed feed = feed().start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(pictures).as("nothing that is history is loaded").hasSize(1);
            assertThat(pictures.get(0)).containsOnlyKeys("als");
            assertThat(pictures.get(0).get("als").active()).isPresent();
            topic.add(0, "als", RecordCodec.write(withVersion(ALS, 1, VersionState.RETIRED)));
            Eventually.await("the change is seen", () -> pictures.size() == 2);
            assertThat(pictures.get(1).get("als").active()).isEmpty();
        }
    }

    @Test
    void anEntryThatCannotBeReadEndsTheStart() {
        topic.add(0, "als", new byte[] {'x'});
        try (CatalogueFeed feed = feed().start()) {
            assertThatThrownBy(() -> feed.ready().orTimeout(5, TimeUnit.SECONDS).join())
                    .hasMessageContaining("entry of model als cannot be read");
        }
    }

    @Test
    void anEntryComesBackAsItWasWritten() throws IOException {
        CatalogueEntry entry = withVersion(ALS, 1, VersionState.STANDBY)
                .with(new CatalogueEntry.Training(2, Instant.EPOCH, new LogCut(0, Map.of(0, 7L)), "why"));
        writer.begin();
        writer.write(entry);
        assertThat(producers.get(0).transactionCommitted()).isTrue();
        byte[] value = producers.get(0).history().get(0).value();
        assertThat(RecordCodec.read(value, CatalogueEntry.class)).isEqualTo(entry);
    }

    @Test
    void afterAFailureTheWriterBeginsAnew() {
        writer.begin();
        producers.get(0).commitTransactionException = new TimeoutException("no coordinator");
        assertThatThrownBy(() -> writer.write(ALS))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_UNAVAILABLE));
        assertThat(producers.get(0).closed()).isTrue();
        writer.write(ALS);
        assertThat(producers).hasSize(2);
        assertThat(producers.get(1).history()).hasSize(1);
    }

    @Test
    void aWriterWhoseRoleWasTakenOverNeverWritesAgain() {
        writer.begin();
        producers.get(0).fenceProducer();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> writer.write(ALS)).hasMessageContaining("another node");
        }
        assertThat(producers).as("which would take it back").hasSize(1);
    }
}
