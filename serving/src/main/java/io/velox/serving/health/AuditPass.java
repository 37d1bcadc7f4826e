package io.velox.serving.health;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one audit found.
 *
 * @param models by name; those of which a user was audited
 * @param crossValidation squared leave-one-out residuals of the audited users' observations
 */
public record AuditPass(
        Instant at, SortedMap<String, HealthMinute.Audit> models, Map<ModelVersion, LossMoments> crossValidation) {
    /** Before the first audit. */
    public static final AuditPass NONE = new AuditPass(Instant.EPOCH, new TreeMap<>(), Map.of());

    public AuditPass {
        models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
        crossValidation = Map.copyOf(crossValidation);
    }
}
