package io.velox.serving.http;

import io.velox.serving.lifecycle.Lifecycle;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.Map;

/** {@code POST /v1/models/{model}/retrain}: starts a training on everything in the log up to now. */
record Retrain(ServedModels models, Lifecycle lifecycle) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        String model = models.entry(call.model()).model();
        return call.await(lifecycle.retrain(model))
                .map(entry -> Reply.json(202, ModelView.of(entry)).with(Map.of("Location", "/v1/models/" + model)));
    }
}
