package io.velox.serving.http;

import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;

/** {@code GET /v1/models}: every model, with its versions. */
record ListModels(ServedModels models) implements Operation {
    record Answer(List<ModelView> models) {}

    @Override
    public Future<Reply> answer(Call call) {
        return Future.succeededFuture(
                Reply.ok(new Answer(models.all().stream().map(ModelView::of).toList())));
    }
}
