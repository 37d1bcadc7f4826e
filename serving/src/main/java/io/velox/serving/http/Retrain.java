package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.TrainingKind;
import io.velox.serving.lifecycle.Lifecycle;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.Map;

/**
 * {@code POST /v1/models/{model}/retrain}: starts a training on everything in the log up to now; with {@code kind=refresh} one that
 * starts from the live version.
 */
record Retrain(ServedModels models, Lifecycle lifecycle) implements Operation {
    static final String KIND = "kind";

    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        String model = models.entry(call.model()).model();
        return call.await(lifecycle.retrain(model, kind(call), call.caller()))
                .map(entry -> Reply.json(202, ModelView.of(entry)).with(Map.of("Location", "/v1/models/" + model)));
    }

    private static TrainingKind kind(Call call) {
        return switch (call.query().getOrDefault(KIND, "full")) {
            case "full" -> TrainingKind.FULL;
            case "refresh" -> TrainingKind.REFRESH;
            default -> throw VeloxException.ofField(ErrorCode.INVALID_REQUEST, KIND, KIND + " must be full or refresh");
        };
    }
}
