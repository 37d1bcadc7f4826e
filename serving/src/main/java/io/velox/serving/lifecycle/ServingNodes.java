package io.velox.serving.lifecycle;

import io.velox.core.model.ModelVersion;
import java.util.Optional;

/** The serving nodes that are up, this one included, as they report themselves. Safe for use from any thread; nothing blocks. */
public interface ServingNodes {
    /** Whether every node can answer by the version. */
    boolean isLoadedEverywhere(ModelVersion version);

    /** Why a node refused the version, if one did. */
    Optional<String> rejection(ModelVersion version);

    /** The address of the API of the other node that runs the lifecycle, if one is known. */
    Optional<String> lifecycleNode();
}
