package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.store.ModelStore;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.log.LogTail;
import io.velox.serving.log.ObservationLog;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What the lifecycle sees and moves.
 *
 * @param catalogue writes an entry; returns when it counts, throws {@code LOG_UNAVAILABLE} when it does not, and {@code NOT_THE_LIFECYCLE}
 *     when this node no longer has the role
 * @param items what is registered of items
 * @param versions the versions that this node has loaded or refused
 */
public record LifecyclePorts(
        Consumer<CatalogueEntry> catalogue,
        ModelStore store,
        ItemRegistry items,
        LoadedModels versions,
        JobHealth health,
        ServingNodes nodes,
        ObservationLog log,
        LogTail tail,
        Trainer trainer,
        Clock clock) {}
