package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.explore.Exploring;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Choice;
import io.velox.serving.predict.Known;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.Predictor.Seen;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * {@code POST /v1/models/{model}/topk}: the exact best items for a user, of the whole catalogue or of those given; a varied choice of them; or a
 * list that explores.
 */
record RankTop(
        ServedModels models,
        Predictor predictor,
        Scorer scorer,
        Exploring exploring,
        ImpressionKeys impressions,
        ServingConfiguration limits)
        implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        String model = call.model();
        VeloxModel live = models.live(model).model();
        JsonNode body = call.json();
        if (Batch.is(body)) {
            return Batch.answer(
                    scorer.cpu(),
                    call,
                    body,
                    (place, json) -> RankRequest.read(place, json, live, limits),
                    request -> answer(model, request));
        }
        RankRequest request = RankRequest.read("body", body, live, limits);
        return call.await(answer(model, request).thenApply(Reply::ok));
    }

    private CompletableFuture<PredictAnswer> answer(String model, RankRequest request) {
        if (request.needsPosterior()) {
            return request.asker().knowing(predictor, model).thenCompose(known -> answer(request, known));
        }
        CompletableFuture<Seen> seen = request.excludesSeen()
                ? request.asker().answeringWithSeen(predictor, model)
                : request.asker()
                        .answering(predictor, model)
                        .thenApply(answering -> new Seen(answering, request.excluded()));
        return seen.thenCompose(who -> list(request, who.answering(), Optional.empty(), who.items())
                .thenApply(scoring -> view(request, who.answering(), scoring)));
    }

    private CompletableFuture<PredictAnswer> answer(RankRequest request, Known known) {
        Set<Item> excluded = request.excludesSeen() ? known.seen() : request.excluded();
        CompletableFuture<Scoring> list = list(request, known.answering(), Optional.of(known), excluded);
        return request.details().isAny()
                ? list.thenCompose(scoring -> scorer.detailed(
                        known, scoring, request.details(), detailed -> view(request, known.answering(), detailed)))
                : list.thenApply(scoring -> view(request, known.answering(), scoring));
    }

    private CompletableFuture<Scoring> list(
            RankRequest request, Answering answering, Optional<Known> known, Set<Item> excluded) {
        CompletableFuture<Scoring> list = request.exploration().isPresent()
                ? exploring.choose(new Exploring.Task(
                        request.exploration().get(),
                        answering,
                        known,
                        request.items(),
                        request.choice(request.end(), excluded)))
                : best(request, answering, request.choice(request.best(), excluded));
        return request.offset() == 0 ? list : list.thenApply(scoring -> scoring.after(request.offset()));
    }

    private CompletableFuture<Scoring> best(RankRequest request, Answering answering, Choice choice) {
        CompletableFuture<Scoring> best = request.items()
                .map(items -> scorer.bestOf(answering, items, choice))
                .orElseGet(() -> scorer.bestOfCatalogue(answering, choice));
        return request.isVaried()
                ? best.thenCompose(scoring -> scorer.varied(answering, scoring, request.end(), request.diversity()))
                : best;
    }

    private PredictAnswer view(RankRequest request, Answering answering, Scoring scoring) {
        Optional<String> uid = request.asker().uid();
        return PredictAnswer.ranking(
                uid,
                answering,
                scoring,
                (item, exposure) ->
                        impressions.sign(exposure.policy(), answering.id(), uid, item, exposure.propensity()));
    }
}
