package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.serving.lifecycle.Lifecycle;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.Map;

/**
 * {@code POST /v1/models/{model}/versions/{version}/activate}: makes a version the one that answers; 202 when it is to be loaded
 * first. With {@code force=true} also one that was judged worse.
 */
record Activate(ServedModels models, Lifecycle lifecycle) implements Operation {
    static final String FORCE = "force";

    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        CatalogueEntry entry = models.entry(call.model());
        CatalogueEntry.Version version = models.version(entry, call.version());
        if (version.state() == VersionState.REJECTED) {
            throw VeloxException.ofField(
                    ErrorCode.VERSION_NOT_LOADED,
                    "version",
                    "version " + version.version() + " was rejected and cannot go live: " + version.reason());
        }
        return call.await(lifecycle.activate(entry.model(), version.version(), call.flag(FORCE)))
                .map(changed -> {
                    boolean isLive = changed.active()
                            .filter(v -> v.version() == version.version())
                            .isPresent();
                    return Reply.json(isLive ? 200 : 202, ModelView.of(changed))
                            .with(Map.of("Location", "/v1/models/" + entry.model()));
                });
    }
}
