package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/models/{model}/predict}: the score of one item, which must be known, or of several, of which unknown ones are named. */
record Predict(ServedModels models, Predictor predictor, CachingScorer scorer, ServingConfiguration limits)
        implements Operation {
    private static final Set<String> FIELDS =
            Set.of("uid", "session", "item", "items", "uncertainty", "explain", "after", "timeoutMs");

    /** @param isSingle whether the whole body is about one item */
    private record Request(Asker asker, boolean isSingle, List<Item> items, Details details) {}

    @Override
    public Future<Reply> answer(Call call) {
        String model = call.model();
        VeloxModel live = models.live(model).model();
        JsonNode body = call.json();
        if (Batch.is(body)) {
            return Batch.answer(
                    scorer.scorer().cpu(),
                    call,
                    body,
                    (place, json) -> read(place, json, live),
                    request -> answer(model, request));
        }
        Request request = read("body", body, live);
        return call.await(answer(model, request).thenApply(Reply::ok));
    }

    private CompletableFuture<PredictAnswer> answer(String model, Request request) {
        if (request.details.isAny()) {
            return request.asker.knowing(predictor, model).thenCompose(known -> scorer.scorer()
                    .each(known.answering(), request.items, scoring -> scoring)
                    .thenCompose(scoring -> scorer.scorer()
                            .detailed(
                                    known,
                                    scoring,
                                    request.details,
                                    detailed -> view(request, known.answering(), detailed))));
        }
        return request.asker
                .answering(predictor, model)
                .thenCompose(answering -> scorer.each(
                        request.asker.named(), answering, request.items, scoring -> view(request, answering, scoring)));
    }

    /** Reads a request and checks all of it, as {@link #answer} does before it predicts. */
    void check(Call call) {
        var unused = read("body", call.json(), models.live(call.model()).model());
    }

    private Request read(String place, JsonNode json, VeloxModel model) {
        Fields fields = Fields.of(place, json, FIELDS);
        Asker asker = Asker.of(fields, model, limits);
        Details details = fields.details();
        if (fields.has("items")) {
            if (fields.has("item")) {
                throw fields.refused("items", "must not be given together with item");
            }
            return new Request(asker, false, fields.items("items", limits.maxItems(), model::check), details);
        }
        return new Request(asker, place.equals("body"), List.of(fields.item("item", model::check)), details);
    }

    private static PredictAnswer view(Request request, Answering answering, Scoring scoring) {
        if (request.isSingle && !scoring.unknown().isEmpty()) {
            throw GetItem.unknown(request.items.get(0), answering.version());
        }
        return PredictAnswer.predictions(request.asker.uid(), answering, scoring);
    }
}
