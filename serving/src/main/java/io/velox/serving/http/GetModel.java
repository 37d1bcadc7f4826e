package io.velox.serving.http;

import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;

/** {@code GET /v1/models/{model}}: which version answers, and the others. */
record GetModel(ServedModels models) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        return Future.succeededFuture(Reply.ok(ModelView.of(models.entry(call.model()))));
    }
}
