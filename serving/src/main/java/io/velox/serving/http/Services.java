package io.velox.serving.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.config.ModelConfiguration;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.health.AuditPass;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.lifecycle.Lifecycle;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.StoredHistories;
import io.velox.serving.log.ItemLog;
import io.velox.serving.log.ObservationLog;
import io.velox.serving.users.Users;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What the API is a front of.
 *
 * @param bulkLog the same log by way of a producer of its own, so that imports hold up nobody
 * @param items what this node has read of the log of items
 * @param audit what this node's last audit found
 * @param declared the models that the configuration declares, by name
 * @param checks what must be well before the node reports that it is ready, beside the models, which are checked anyhow
 */
public record Services(
        Users users,
        ObservationLog log,
        ObservationLog bulkLog,
        ItemLog itemLog,
        ItemRegistry items,
        LiveModels models,
        StoredHistories histories,
        Lifecycle lifecycle,
        JobHealth health,
        Supplier<AuditPass> audit,
        SortedMap<String, ModelConfiguration> declared,
        List<ReadinessCheck> checks,
        ForgettingTerms forgetting,
        ImpressionKeys impressions,
        Clock clock,
        PrometheusMeterRegistry metrics) {
    public Services {
        checks = List.copyOf(checks);
    }

    /** One condition of readiness; {@code trouble} says what is wrong, or is empty. It is called on an event loop and does not block. */
    public record ReadinessCheck(String name, Supplier<Optional<String>> trouble) {}
}
