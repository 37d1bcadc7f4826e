package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.ReadOptions;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/models/{model}/predict}: the score of one item, which must be known, or of several, of which unknown ones are named. */
record Predict(ServedModels models, Predictor predictor, Scorer scorer, ServingConfiguration limits)
        implements Operation {
    private static final Set<String> FIELDS = Set.of("uid", "item", "items", "after", "timeoutMs");

    private record Request(String uid, boolean isSingle, List<Item> items, ReadOptions read) {}

    @Override
    public Future<Reply> answer(Call call) {
        VeloxModel live = models.live(call.model()).model();
        Request request = read(call, live);
        return call.await(predictor.answering(call.model(), request.uid, request.read))
                .compose(answering -> call.await(
                        scorer.each(answering, request.items, scoring -> reply(request, answering, scoring))));
    }

    private Request read(Call call, VeloxModel model) {
        Fields fields = Fields.of("body", call.json(), FIELDS);
        String uid = fields.id("uid");
        if (fields.has("items")) {
            if (fields.has("item")) {
                throw Fields.invalid("items", "must not be given together with item");
            }
            return new Request(
                    uid,
                    false,
                    fields.items("items", limits.maxItems(), model::check),
                    fields.readOptions(limits.receiptTimeoutMs()));
        }
        return new Request(
                uid, true, List.of(fields.item("item", model::check)), fields.readOptions(limits.receiptTimeoutMs()));
    }

    private static Reply reply(Request request, Answering answering, Scoring scoring) {
        if (request.isSingle && !scoring.unknown().isEmpty()) {
            throw GetItem.unknown(request.items.get(0), answering.version());
        }
        return Reply.ok(PredictAnswer.predictions(request.uid, answering, scoring));
    }
}
