package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.explore.Exploration;
import io.velox.serving.explore.Exploring;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Details;
import io.velox.serving.predict.Known;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@code POST /v1/models/{model}/topk}: the exact best items for a user, of the whole catalogue or of those given, or a list that explores. */
record RankTop(
        ServedModels models,
        Predictor predictor,
        Scorer scorer,
        Exploring exploring,
        ImpressionKeys impressions,
        ServingConfiguration limits)
        implements Operation {
    static final int DEFAULT_K = 10;

    private static final Set<String> FIELDS = Set.of(
            "uid",
            "session",
            "k",
            "items",
            "exclude",
            ExploreField.NAME,
            "uncertainty",
            "explain",
            "after",
            "timeoutMs");

    /**
     * What is asked for.
     *
     * @param items to choose from; empty for the whole catalogue
     * @param excludesSeen whether what the user has rated is left out
     * @param exploration empty for the best by score
     */
    private record Request(
            Asker asker,
            int k,
            Optional<List<Item>> items,
            boolean excludesSeen,
            Set<Item> excluded,
            Optional<Exploration> exploration,
            Details details) {
        boolean needsPosterior() {
            return details.isAny()
                    || exploration.map(Exploration::needsPosterior).orElse(false);
        }
    }

    @Override
    public Future<Reply> answer(Call call) {
        VeloxModel live = models.live(call.model()).model();
        Request request = read(call, live);
        if (request.needsPosterior()) {
            return call.await(
                    request.asker.knowing(predictor, call.model()).thenCompose(known -> answer(request, known)));
        }
        if (request.excludesSeen) {
            return call.await(request.asker
                    .answeringWithSeen(predictor, call.model())
                    .thenCompose(seen -> answer(request, seen.answering(), seen.items())));
        }
        return call.await(request.asker
                .answering(predictor, call.model())
                .thenCompose(answering -> answer(request, answering, request.excluded)));
    }

    private CompletableFuture<Reply> answer(Request request, Answering answering, Set<Item> excluded) {
        return rank(request, answering, Optional.empty(), excluded, reply(request, answering));
    }

    private CompletableFuture<Reply> answer(Request request, Known known) {
        Set<Item> excluded = request.excludesSeen ? known.seen() : request.excluded;
        Function<Scoring, Reply> reply = reply(request, known.answering());
        return request.details.isAny()
                ? rank(request, known.answering(), Optional.of(known), excluded, scoring -> scoring)
                        .thenCompose(scoring -> scorer.detailed(known, scoring, request.details, reply))
                : rank(request, known.answering(), Optional.of(known), excluded, reply);
    }

    private Function<Scoring, Reply> reply(Request request, Answering answering) {
        return scoring -> Reply.ok(PredictAnswer.ranking(
                request.asker.uid(),
                answering,
                scoring,
                (item, exposure) -> impressions.sign(
                        exposure.policy(), answering.id(), request.asker.uid(), item, exposure.propensity())));
    }

    private Request read(Call call, VeloxModel model) {
        Fields fields = Fields.of("body", call.json(), FIELDS);
        Asker asker = Asker.of(fields, model, limits);
        int k = fields.amount("k", DEFAULT_K, limits.maxItems());
        if (!fields.has("items") && !model.isMaterialized()) {
            throw Fields.invalid(
                    "items",
                    "is missing: model '" + call.model() + "' computes the features of any item and has no catalogue");
        }
        Optional<List<Item>> items = fields.has("items")
                ? Optional.of(fields.items("items", limits.maxItems(), model::check))
                : Optional.empty();
        boolean excludesSeen = fields.isText("exclude", "seen");
        if (fields.has("exclude") && !excludesSeen && !fields.isArray("exclude")) {
            throw Fields.invalid("exclude", "must be \"seen\" or an array of items");
        }
        Set<Item> excluded = !fields.has("exclude") || excludesSeen
                ? Set.of()
                : Set.copyOf(fields.items("exclude", limits.maxItems(), model::check));
        Optional<Exploration> exploration =
                fields.has(ExploreField.NAME) ? Optional.of(ExploreField.of(fields)) : Optional.empty();
        return new Request(asker, k, items, excludesSeen, excluded, exploration, fields.details());
    }

    private <T> CompletableFuture<T> rank(
            Request request,
            Answering answering,
            Optional<Known> known,
            Set<Item> excluded,
            Function<Scoring, T> then) {
        if (request.exploration.isPresent()) {
            return exploring
                    .choose(new Exploring.Task(
                            request.exploration.get(), answering, known, request.items, excluded, request.k))
                    .thenApply(then);
        }
        return request.items.isPresent()
                ? scorer.bestOf(answering, request.items.get(), request.k, excluded, then)
                : scorer.bestOfCatalogue(answering, request.k, excluded, then);
    }
}
