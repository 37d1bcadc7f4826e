package io.velox.serving.lifecycle;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.UserUpdate;
import io.velox.serving.users.UserFeed;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle where this node has the role, and else the refusal that names the node which has it: {@code NOT_THE_LIFECYCLE}. Safe for
 * use from any thread; nothing blocks.
 */
public final class CurrentLifecycle implements Lifecycle, UserFeed.Listener {
    private final ServingNodes nodes;
    private final Map<Long, CompletableFuture<CatalogueEntry>> open = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile @Nullable ModelLifecycle current;

    public CurrentLifecycle(ServingNodes nodes) {
        this.nodes = nodes;
    }

    /** From now on this node's. */
    public void begin(ModelLifecycle lifecycle) {
        current = lifecycle;
    }

    /** This node's no more; what was asked and not answered yet is refused. */
    public void end() {
        current = null;
        open.values().forEach(answer -> answer.completeExceptionally(refusal()));
    }

    /** Whether this node has the role. */
    public boolean isHere() {
        return current != null;
    }

    /** Whether this node has the role, and has brought every model in line with the configuration. */
    public boolean isSettledHere() {
        ModelLifecycle lifecycle = current;
        return lifecycle != null && lifecycle.isSettled();
    }

    @Override
    public CompletableFuture<CatalogueEntry> retrain(String model, TrainingKind kind, String by) {
        return ask(lifecycle -> lifecycle.retrain(model, kind, by));
    }

    @Override
    public CompletableFuture<CatalogueEntry> activate(String model, int version, boolean force) {
        return ask(lifecycle -> lifecycle.activate(model, version, force));
    }

    private CompletableFuture<CatalogueEntry> ask(
            Function<ModelLifecycle, CompletableFuture<CatalogueEntry>> question) {
        ModelLifecycle lifecycle = current;
        if (lifecycle == null) {
            return CompletableFuture.failedFuture(refusal());
        }
        CompletableFuture<CatalogueEntry> answer = question.apply(lifecycle).copy();
        long number = asked.incrementAndGet();
        open.put(number, answer);
        var unused = answer.whenComplete((entry, error) -> open.remove(number));
        if (current != lifecycle) {
            answer.completeExceptionally(refusal());
        }
        return answer;
    }

    private VeloxException refusal() {
        String cure = nodes.lifecycleNode()
                .map(address -> "ask the one at " + address)
                .orElse("none is known to yet; retry in a moment");
        return new VeloxException(
                ErrorCode.NOT_THE_LIFECYCLE, "this node does not run the lifecycle of models; " + cure);
    }

    @Override
    public void update(UserUpdate update) {
        ModelLifecycle lifecycle = current;
        if (lifecycle != null) {
            lifecycle.update(update);
        }
    }

    @Override
    public void gap() {
        ModelLifecycle lifecycle = current;
        if (lifecycle != null) {
            lifecycle.gap();
        }
    }
}
