package io.velox.serving;

import io.velox.core.config.ModelConfiguration;
import io.velox.serving.lifecycle.CurrentLifecycle;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.ServingNodes;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/**
 * Whether the models have been brought in line with the configuration since this node started: by this node, or by the one that has the
 * lifecycle's role, if it knows the same models. Once so, it stays so: while the role moves, nodes go on answering.
 */
final class Settled implements BooleanSupplier {
    private final SortedMap<String, ModelConfiguration> declared;
    private final LiveModels models;
    private final CurrentLifecycle lifecycle;
    private final ServingNodes nodes;
    private volatile boolean isSettled;

    Settled(
            SortedMap<String, ModelConfiguration> declared,
            LiveModels models,
            CurrentLifecycle lifecycle,
            ServingNodes nodes) {
        this.declared = declared;
        this.models = models;
        this.lifecycle = lifecycle;
        this.nodes = nodes;
    }

    @Override
    public boolean getAsBoolean() {
        if (!isSettled) {
            isSettled = lifecycle.isSettledHere() || isSettledElsewhere();
        }
        return isSettled;
    }

    private boolean isSettledElsewhere() {
        return !lifecycle.isHere()
                && nodes.lifecycleNode().isPresent()
                && models.entries().keySet().containsAll(declared.keySet());
    }
}
