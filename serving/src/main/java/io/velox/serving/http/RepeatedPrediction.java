package io.velox.serving.http;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code predict} without predictions: requests are read and checked as ever, and all are answered with what the first was answered.
 * For benchmarks, which compare it with the real one; no Velox that serves has it. Safe for use from any thread.
 */
final class RepeatedPrediction implements Operation {
    private final Predict predict;
    private final AtomicReference<@Nullable Reply> first = new AtomicReference<>();

    RepeatedPrediction(Predict predict) {
        this.predict = predict;
    }

    @Override
    public Future<Reply> answer(Call call) {
        predict.check(call);
        Reply reply = first.get();
        return reply == null ? predict.answer(call).onSuccess(first::set) : Future.succeededFuture(reply);
    }
}
