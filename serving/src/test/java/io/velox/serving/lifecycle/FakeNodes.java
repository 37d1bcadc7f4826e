package io.velox.serving.lifecycle;

import io.velox.core.model.ModelVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** This node, and others that have loaded everything unless the test says otherwise. */
final class FakeNodes implements ServingNodes {
    final Set<ModelVersion> missingElsewhere = new HashSet<>();
    final Map<ModelVersion, String> rejectedElsewhere = new HashMap<>();

    @Nullable
    String lifecycleNode;

    private final LoadedModels here;

    FakeNodes(LoadedModels here) {
        this.here = here;
    }

    @Override
    public boolean isLoadedEverywhere(ModelVersion version) {
        return here.loaded(version).isPresent() && !missingElsewhere.contains(version);
    }

    @Override
    public Optional<String> rejection(ModelVersion version) {
        return here.rejection(version).or(() -> Optional.ofNullable(rejectedElsewhere.get(version)));
    }

    @Override
    public Optional<String> lifecycleNode() {
        return Optional.ofNullable(lifecycleNode);
    }
}
