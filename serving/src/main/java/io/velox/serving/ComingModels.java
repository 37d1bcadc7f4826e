package io.velox.serving;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.ModelKind;
import io.velox.serving.lifecycle.LiveModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/**
 * Whether the declared models that go live by themselves are live: linear ones, and those that were live when they were last declared. A
 * model that somebody has to train first is not waited for, nor is one whose versions were all refused.
 */
record ComingModels(SortedMap<String, ModelConfiguration> declared, LiveModels models, BooleanSupplier isSettled) {
    /** What is waited for; empty when nothing is. */
    Optional<String> trouble() {
        if (!isSettled.getAsBoolean()) {
            return Optional.of("the models have not been compared with the configuration yet");
        }
        List<String> coming = new ArrayList<>();
        declared.keySet().forEach(model -> {
            CatalogueEntry entry = models.entries().get(model);
            if (entry != null && entry.active().isEmpty() && isComing(entry)) {
                coming.add(model);
            }
        });
        return coming.isEmpty() ? Optional.empty() : Optional.of("not live yet: " + String.join(", ", coming));
    }

    private static boolean isComing(CatalogueEntry entry) {
        return entry.versions().stream()
                .filter(v -> v.state().isComing())
                .anyMatch(v -> entry.kind() == ModelKind.LINEAR || v.activatedAt() != null);
    }
}
