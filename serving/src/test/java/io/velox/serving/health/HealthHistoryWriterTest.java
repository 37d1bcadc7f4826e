package io.velox.serving.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.HealthFeed;
import io.velox.serving.log.FakeTopic;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthHistoryWriterTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 1);

    private final HealthFeed health = new HealthFeed(new FakeTopic("health", 1, 0)::consumer, "health");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final DelayHistogram delays = new DelayHistogram();
    private Instant now = Instant.ofEpochSecond(6_000);
    private AuditPass audit = AuditPass.NONE;
    private HealthHistoryWriter writer = newWriter();

    private HealthHistoryWriter newWriter() {
        InstantSource clock = () -> now;
        return new HealthHistoryWriter(health, () -> audit, producer, "health", clock.withZone(ZoneOffset.UTC));
    }

    @Test
    void eachMinuteHasWhatItsTotalsGrewBy() throws Exception {
        report(1, 2, 1);
        assertThat(closeAt(6_059)).isEmpty();
        report(1, 4, 3);
        HealthMinute first = closeAt(6_060).get(0);
        assertThat(first.minute()).isEqualTo(100);
        assertThat(first.versions()).hasSize(1);
        assertThat(first.versions().get(0).loss()).isEqualTo(new LossMoments(2, 2, 2));
        assertThat(first.freshness().count()).isEqualTo(1);
        assertThat(first.freshness().max()).isEqualTo(7);
        report(1, 9, 8);
        HealthMinute second = closeAt(6_120).get(0);
        assertThat(second.versions().get(0).loss()).isEqualTo(new LossMoments(5, 5, 5));
        assertThat(second.versions().get(0).validation()).isEqualTo(new LossMoments(5, 5, 5));
        assertThat(closeAt(6_121)).as("once only").isEmpty();
    }

    @Test
    void aMinuteThatNobodyWroteIsPartOfTheNext() throws Exception {
        report(1, 1, 0);
        closeAt(6_060);
        report(1, 5, 0);
        now = Instant.ofEpochSecond(6_300); // this node was away, and another takes over
        writer = newWriter();
        report(1, 6, 0);
        HealthMinute next = closeAt(6_360).get(0);
        assertThat(next.minute()).isEqualTo(105);
        assertThat(next.versions().get(0).loss().count()).isEqualTo(5);
    }

    @Test
    void aReplayCountsOnce() throws Exception {
        report(1, 10, 0);
        closeAt(6_060);
        report(1, 15, 0);
        closeAt(6_120);
        report(1, 12, 0); // back at its checkpoint, and learning again
        assertThat(closeAt(6_180)).as("the totals are behind").isEmpty();
        report(1, 17, 0);
        assertThat(closeAt(6_240).get(0).versions().get(0).loss().count()).isEqualTo(2);
    }

    @Test
    void totalsThatStayBehindForLongAreTheNewOnes() throws Exception {
        report(1, 10, 0);
        closeAt(6_060);
        report(1, 3, 0);
        assertThat(closeAt(6_120)).isEmpty();
        assertThat(closeAt(6_060 + 61 * 60).get(0).versions().get(0).total().count())
                .isEqualTo(3);
    }

    @Test
    void nothingIsWrittenBeforeAllSubtasksHaveReported() throws Exception {
        report(2, 4, 0);
        assertThat(closeAt(6_060)).isEmpty();
    }

    @Test
    void theAuditOfTheMinuteIsInIt() throws Exception {
        report(1, 1, 0);
        HealthMinute.Audit found = new HealthMinute.Audit(Instant.ofEpochSecond(6_030), 7, 1, 0.5);
        audit = new AuditPass(
                Instant.ofEpochSecond(6_030),
                new TreeMap<>(Map.of("als", found)),
                Map.of(VERSION, new LossMoments(2, 3, 4)));
        HealthMinute first = closeAt(6_060).get(0);
        assertThat(first.audit()).isEqualTo(found);
        assertThat(first.versions().get(0).crossValidation()).isEqualTo(new LossMoments(2, 3, 4));
        HealthMinute second = closeAt(6_120).get(0);
        assertThat(second.audit()).isNull();
        assertThat(second.versions().get(0).crossValidation()).isEqualTo(LossMoments.NONE);
    }

    @Test
    void reportsOfSubtasksThatAreNoMoreAreRemoved() throws Exception {
        read("1", RecordCodec.write(new HealthRecord("a", 1, 2, now, List.of())));
        report(1, 1, 0);
        closeAt(6_060);
        ProducerRecord<byte[], byte[]> last =
                producer.history().get(producer.history().size() - 1);
        assertThat(new String(last.key(), UTF_8)).isEqualTo("1");
        assertThat(last.value()).isNull();
        closeAt(6_120);
        assertThat(producer.history().stream().filter(r -> r.value() == null)).hasSize(1);
    }

    /** Subtask 0 of the job reports that it has learnt so much, at a loss of one each; then it learns one more within 7 ms. */
    private void report(int parallelism, long learnt, long validation) {
        LossMoments pool = new LossMoments(validation, validation, validation);
        HealthRecord.Version version =
                new HealthRecord.Version("als", 1, new LossMoments(learnt, learnt, learnt), null, pool, List.of(), 0L);
        HealthRecord report = new HealthRecord("a", 0, parallelism, now, List.of(version), List.of(), delays.encoded());
        read("0", RecordCodec.write(report));
        delays.record(7);
    }

    /** What is written at that second, after the feed has read it. */
    private List<HealthMinute> closeAt(long second) throws IOException {
        now = Instant.ofEpochSecond(second);
        int before = producer.history().size();
        writer.closeMinute();
        List<HealthMinute> written = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record :
                producer.history().subList(before, producer.history().size())) {
            String key = new String(record.key(), UTF_8);
            if (HealthMinute.isKey(key)) {
                written.add(RecordCodec.read(record.value(), HealthMinute.class));
                assertThat(key).isEqualTo(written.get(0).key());
            }
            read(key, record.value());
        }
        return written;
    }

    private void read(String key, byte @Nullable [] value) {
        health.record(new ConsumerRecord<>("health", 0, 0, key.getBytes(UTF_8), value));
    }
}
