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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final CatalogueEntry ALS = CatalogueEntry.of("als", ModelKind.ALS);

    private final FakeTopic topic = new FakeTopic("catalog", 1, 0);
    private final List<SortedMap<String, CatalogueEntry>> pictures = new CopyOnWriteArrayList<>();
    private final List<SlowProducer> producers = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    /** Whose ends of transactions time out as often as the test says. */
    private static final class SlowProducer extends MockProducer<byte[], byte[]> {
        private int timeouts;

        SlowProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void commitTransaction() {
            timeOut();
            super.commitTransaction();
        }

        @Override
        public void abortTransaction() {
            timeOut();
            super.abortTransaction();
        }

        private void timeOut() {
            if (timeouts > 0) {
                timeouts--;
                throw new TimeoutException("no coordinator");
            }
        }
    }

    /** A writer for which ten seconds pass each time that it looks at the clock. */
    private CatalogueWriter writer() {
        return CatalogueWriter.begin(
                () -> {
                    producers.add(new SlowProducer());
                    return producers.get(producers.size() - 1);
                },
                "catalog",
                () -> nanos.addAndGet(Duration.ofSeconds(10).toNanos()));
    }

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
    void theCatalogueIsReadAsItIsNow() {
        topic.add(0, "als", RecordCodec.write(ALS));
        topic.add(0, "als", RecordCodec.write(withVersion(ALS, 1, VersionState.ACTIVE)));
        assertThat(CatalogueFeed.read(topic::consumer, "catalog", Duration.ofSeconds(5)))
                .containsExactly(Map.entry("als", withVersion(ALS, 1, VersionState.ACTIVE)));
        assertThat(topic.isConsumerClosed()).isTrue();
    }

    @Test
    void aCatalogueThatCannotBeReadIsNoCatalogue() {
        topic.add(0, "als", new byte[] {'x'});
        assertThatThrownBy(() -> CatalogueFeed.read(topic::consumer, "catalog", Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MODEL));
    }

    @Test
    void anEntryComesBackAsItWasWritten() throws IOException {
        CatalogueEntry entry = withVersion(ALS, 1, VersionState.STANDBY)
                .with(new CatalogueEntry.Training(2, Instant.EPOCH, new LogCut(0, Map.of(0, 7L)), "why"));
        writer().write(entry);
        assertThat(producers.get(0).transactionCommitted()).isTrue();
        byte[] value = producers.get(0).history().get(0).value();
        assertThat(RecordCodec.read(value, CatalogueEntry.class)).isEqualTo(entry);
    }

    private static void assertFails(CatalogueWriter writer, ErrorCode code) {
        assertThatThrownBy(() -> writer.write(ALS))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aWriteWhoseEndIsNotKnownIsAskedForInTheSameEpoch() {
        CatalogueWriter writer = writer();
        producers.get(0).timeouts = 2;
        writer.write(ALS);
        assertThat(producers.get(0).history()).as("written once").hasSize(1);
        assertThat(producers).as("beginning anew might take the role back").hasSize(1);
        assertThat(writer.isOver()).isFalse();
    }

    @Test
    void aWriterThatCannotLearnWhatBecameOfAWriteIsOver() {
        CatalogueWriter writer = writer();
        producers.get(0).timeouts = 100;
        assertFails(writer, ErrorCode.NOT_THE_LIFECYCLE);
        assertThat(writer.isOver()).isTrue();
        producers.get(0).timeouts = 0;
        assertFails(writer, ErrorCode.NOT_THE_LIFECYCLE);
        assertThat(producers.get(0).history())
                .as("what is unknown is not written over")
                .isEmpty();
    }

    @Test
    void aWriteThatTheBrokersRefuseIsTakenBackAndTheNextIsTried() {
        CatalogueWriter writer = writer();
        producers.get(0).commitTransactionException = new KafkaException("not enough replicas");
        assertFails(writer, ErrorCode.LOG_UNAVAILABLE);
        assertThat(producers.get(0).transactionAborted()).isTrue();
        assertThat(writer.isOver()).isFalse();
        producers.get(0).commitTransactionException = null;
        writer.write(ALS);
        assertThat(producers.get(0).history()).hasSize(1);
    }

    @Test
    void aWriterWhoseRoleWasTakenOverNeverWritesAgain() {
        CatalogueWriter writer = writer();
        producers.get(0).fenceProducer();
        for (int i = 0; i < 2; i++) {
            assertFails(writer, ErrorCode.NOT_THE_LIFECYCLE);
        }
        assertThat(writer.isOver()).isTrue();
        assertThat(producers).as("which would take it back").hasSize(1);
    }

    @Test
    void aWriterThatCannotBeginClosesWhatItOpened() {
        SlowProducer producer = new SlowProducer();
        producer.initTransactionException = new TimeoutException("no coordinator");
        assertThatThrownBy(() -> CatalogueWriter.begin(() -> producer, "catalog", () -> 0))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_UNAVAILABLE));
        assertThat(producer.closed()).isTrue();
    }
}
