package io.velox.serving.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.serving.lifecycle.HealthFeed;
import io.velox.serving.log.FakeTopic;
import io.velox.serving.predict.TestWorld;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class HealthMetricsTest {
    private final HealthFeed health = new HealthFeed(new FakeTopic("health", 1, 0)::consumer, "health");
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private AuditPass audit = AuditPass.NONE;
    private final HealthMetrics metrics = new HealthMetrics(
            health, new LoadedAls(), () -> audit, Clock.fixed(TestWorld.NOW, ZoneOffset.UTC), registry);

    @Test
    void whatIsNotKnownIsNotThere() {
        metrics.update();
        assertThat(registry.scrape()).doesNotContain("velox_model_loss{", "velox_freshness_ms{", "velox_audit_users{");
    }

    @Test
    void lossesDelaysAndAuditsAreThereByModelAndVersion() {
        report(new LossMoments(0, 0, 0), LossMoments.NONE);
        report(new LossMoments(4, 3, 4), new LossMoments(2, 1, 1));
        HealthMinute minute = new HealthMinute(
                "als",
                TestWorld.NOW.getEpochSecond() / 60 - 1,
                List.of(),
                "",
                new HealthMinute.Freshness(5, 4, 9, 11),
                null);
        read(minute.key(), RecordCodec.write(minute));
        audit = new AuditPass(
                TestWorld.NOW,
                new TreeMap<>(Map.of("als", new HealthMinute.Audit(TestWorld.NOW, 20, 1, 0.5))),
                Map.of(TestWorld.ALS_3, new LossMoments(2, 5, 13)));
        metrics.update();
        assertThat(registry.scrape())
                .contains(
                        "velox_model_loss{kind=\"progressive\",model=\"als\",version=\"3\"} 0.75",
                        "velox_model_loss{kind=\"validation\",model=\"als\",version=\"3\"} 0.5",
                        "velox_model_loss{kind=\"cross-validation\",model=\"als\",version=\"3\"} 2.5",
                        "velox_freshness_ms{quantile=\"0.99\"} 9.0",
                        "velox_freshness_ms{quantile=\"1\"} 11.0",
                        "velox_audit_max_difference{model=\"als\"} 0.5",
                        "velox_audit_users{model=\"als\"} 20.0",
                        "velox_audit_differing{model=\"als\"} 1.0");
    }

    private void report(LossMoments loss, LossMoments validation) {
        HealthRecord.Version version = new HealthRecord.Version("als", 3, loss, null, validation, List.of(), 0L);
        read("0", RecordCodec.write(new HealthRecord("a", 0, 1, TestWorld.NOW, List.of(version))));
    }

    private void read(String key, byte[] value) {
        health.record(new ConsumerRecord<>("health", 0, 0, key.getBytes(UTF_8), value));
    }
}
