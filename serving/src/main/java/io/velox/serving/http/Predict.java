package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.CachingScorer;
import io.velox.serving.predict.Details;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/models/{model}/predict}: the score of one item, which must be known, or of several, of which unknown ones are named. */
record Predict(ServedModels models, Predictor predictor, CachingScorer scorer, ServingConfiguration limits)
        implements Operation {
    private static final Set<String> FIELDS =
            Set.of("uid", "session", "item", "items", "uncertainty", "explain", "after", "timeoutMs");

    private record Request(Asker asker, boolean isSingle, List<Item> items, Details details) {}

    @Override
    public Future<Reply> answer(Call call) {
        VeloxModel live = models.live(call.model()).model();
        Request request = read(call, live);
        if (request.details.isAny()) {
            return call.await(request.asker.knowing(predictor, call.model()).thenCompose(known -> scorer.scorer()
                    .each(known.answering(), request.items, scoring -> scoring)
                    .thenCompose(scoring -> scorer.scorer()
                            .detailed(
                                    known,
                                    scoring,
                                    request.details,
                                    detailed -> reply(request, known.answering(), detailed)))));
        }
        return call.await(request.asker.answering(predictor, call.model()))
                .compose(answering -> call.await(scorer.each(
                        request.asker.named(),
                        answering,
                        request.items,
                        scoring -> reply(request, answering, scoring))));
    }

    private Request read(Call call, VeloxModel model) {
        Fields fields = Fields.of("body", call.json(), FIELDS);
        Asker asker = Asker.of(fields, model, limits);
        Details details = fields.details();
        if (fields.has("items")) {
            if (fields.has("item")) {
                throw Fields.invalid("items", "must not be given together with item");
            }
            return new Request(asker, false, fields.items("items", limits.maxItems(), model::check), details);
        }
        return new Request(asker, true, List.of(fields.item("item", model::check)), details);
    }

    private static Reply reply(Request request, Answering answering, Scoring scoring) {
        if (request.isSingle && !scoring.unknown().isEmpty()) {
            throw GetItem.unknown(request.items.get(0), answering.version());
        }
        return Reply.ok(PredictAnswer.predictions(request.asker.uid(), answering, scoring));
    }
}
