package io.velox.serving.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthMinute;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.lifecycle.LiveModels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The health of models as metrics, brought up to date every few seconds: {@code velox_model_loss} of each loaded version (progressive
 * over the last ten minutes, validation since the first day, cross-validation of the last audit), {@code velox_freshness_ms} of the last
 * minute that is over, and {@code velox_audit_*} of this node's last audit. What is not known is not there. Single writer.
 */
public final class HealthMetrics {
    private static final long PERIOD_SECONDS = 5;

    private final JobHealth health;
    private final LiveModels models;
    private final Supplier<AuditPass> audit;
    private final Clock clock;
    private final MultiGauge loss;
    private final MultiGauge freshness;
    private final MultiGauge auditDifference;
    private final MultiGauge auditUsers;
    private final MultiGauge auditDiffering;

    public HealthMetrics(
            JobHealth health, LiveModels models, Supplier<AuditPass> audit, Clock clock, MeterRegistry registry) {
        this.health = health;
        this.models = models;
        this.audit = audit;
        this.clock = clock;
        this.loss = MultiGauge.builder("velox.model.loss")
                .description("mean loss of a loaded version")
                .register(registry);
        this.freshness = MultiGauge.builder("velox.freshness.ms")
                .description("milliseconds from acknowledgement to learnt, over the last whole minute")
                .register(registry);
        this.auditDifference = MultiGauge.builder("velox.audit.max.difference")
                .description("largest difference of a served weight from the one that the user's history says")
                .register(registry);
        this.auditUsers = MultiGauge.builder("velox.audit.users")
                .description("users in the last audit")
                .register(registry);
        this.auditDiffering = MultiGauge.builder("velox.audit.differing")
                .description("users in the last audit whose served weights were wrong")
                .register(registry);
    }

    /** Begins to bring the metrics up to date. */
    public void start(ScheduledExecutorService executor) {
        var unused = executor.scheduleWithFixedDelay(this::update, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    void update() {
        AuditPass pass = audit.get();
        List<Row<?>> losses = new ArrayList<>();
        List<Row<?>> delays = new ArrayList<>();
        for (CatalogueEntry entry : models.entries().values()) {
            for (CatalogueEntry.Version version : entry.loaded()) {
                losses.addAll(losses(entry.id(version), pass));
            }
            if (delays.isEmpty()) { // the same for every model
                delays.addAll(delays(health.history(entry.model())));
            }
        }
        loss.register(losses, true);
        freshness.register(delays, true);
        auditDifference.register(rows(pass, HealthMinute.Audit::maxDifference), true);
        auditUsers.register(rows(pass, HealthMinute.Audit::users), true);
        auditDiffering.register(rows(pass, HealthMinute.Audit::differing), true);
    }

    private List<Row<?>> losses(ModelVersion id, AuditPass pass) {
        Instant tenMinutesAgo = clock.instant().minus(Duration.ofMinutes(10));
        List<Row<?>> rows = new ArrayList<>();
        add(id, "progressive", health.lossSince(id, tenMinutesAgo), rows);
        add(id, "validation", health.validation().getOrDefault(id, LossMoments.NONE), rows);
        add(id, "cross-validation", pass.crossValidation().getOrDefault(id, LossMoments.NONE), rows);
        return rows;
    }

    private static void add(ModelVersion id, String kind, LossMoments loss, List<Row<?>> rows) {
        if (loss.count() > 0) {
            rows.add(Row.of(
                    Tags.of("model", id.model(), "version", Integer.toString(id.version()), "kind", kind),
                    loss.mean()));
        }
    }

    private List<Row<?>> delays(List<HealthMinute> history) {
        if (history.isEmpty() || isOld(history.get(history.size() - 1))) {
            return List.of();
        }
        HealthMinute.Freshness last = history.get(history.size() - 1).freshness();
        return last.count() == 0
                ? List.of()
                : List.of(
                        Row.of(Tags.of("quantile", "0.5"), last.p50()),
                        Row.of(Tags.of("quantile", "0.99"), last.p99()),
                        Row.of(Tags.of("quantile", "1"), last.max()));
    }

    private boolean isOld(HealthMinute minute) {
        return minute.end().isBefore(clock.instant().minus(Duration.ofMinutes(2)));
    }

    private static List<Row<?>> rows(AuditPass pass, Function<HealthMinute.Audit, Number> value) {
        List<Row<?>> rows = new ArrayList<>();
        pass.models().forEach((model, audit) -> rows.add(Row.of(Tags.of("model", model), value.apply(audit))));
        return rows;
    }
}
