package io.velox.serving.http;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.StoredHistories;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;

/**
 * {@code GET /v1/models/{model}/versions/{version}/history}: what happened to a version. It outlives the catalogue's entry, and begins
 * before there is one, so that any number may be asked for.
 */
record GetVersionHistory(ServedModels models, StoredHistories histories) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        return call.await(histories.of(new ModelVersion(entry.model(), call.version())))
                .map(history -> {
                    if (history.events().isEmpty()) {
                        models.version(entry, call.version()); // which fails where there is no such version
                    }
                    return Reply.ok(history);
                });
    }
}
