package io.velox.serving.http;

import io.velox.core.log.CatalogueEntry;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;

/** {@code GET /v1/models/{model}/versions}: every version in ascending order. */
record ListVersions(ServedModels models) implements Operation {
    record Answer(String model, List<ModelView.Version> versions) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        return Future.succeededFuture(Reply.ok(new Answer(entry.model(), ModelView.versions(entry))));
    }
}
