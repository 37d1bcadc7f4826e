package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.items.ItemFilter;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Choice;
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

/** {@code POST /v1/models/{model}/topk}: the exact best items for a user, of the whole catalogue or of those given. */
record RankTop(ServedModels models, Predictor predictor, Scorer scorer, ServingConfiguration limits)
        implements Operation {
    static final int DEFAULT_K = 10;

    private static final Set<String> FIELDS = Set.of(
            "uid",
            "session",
            "k",
            "items",
            "exclude",
            "filter",
            "explore",
            "uncertainty",
            "explain",
            "after",
            "timeoutMs");

    /**
     * What is asked for.
     *
     * @param items to choose from; empty for the whole catalogue
     * @param excludesSeen whether what the user has rated is left out
     */
    private record Request(
            Asker asker,
            int k,
            Optional<List<Item>> items,
            boolean excludesSeen,
            Set<Item> excluded,
            ItemFilter filter,
            Details details) {}

    @Override
    public Future<Reply> answer(Call call) {
        VeloxModel live = models.live(call.model()).model();
        Request request = read(call, live);
        if (request.details.isAny()) {
            return call.await(
                    request.asker.knowing(predictor, call.model()).thenCompose(known -> detailed(request, known)));
        }
        if (request.excludesSeen) {
            return call.await(request.asker
                    .answeringWithSeen(predictor, call.model())
                    .thenCompose(
                            seen -> rank(request, seen.answering(), seen.items(), reply(request, seen.answering()))));
        }
        return call.await(request.asker
                .answering(predictor, call.model())
                .thenCompose(answering -> rank(request, answering, request.excluded, reply(request, answering))));
    }

    private CompletableFuture<Reply> detailed(Request request, Known known) {
        Set<Item> excluded = request.excludesSeen ? known.seen() : request.excluded;
        return rank(request, known.answering(), excluded, scoring -> scoring)
                .thenCompose(
                        scoring -> scorer.detailed(known, scoring, request.details, reply(request, known.answering())));
    }

    private static Function<Scoring, Reply> reply(Request request, Answering answering) {
        return scoring -> Reply.ok(PredictAnswer.ranking(request.asker.uid(), answering, scoring));
    }

    private Request read(Call call, VeloxModel model) {
        Fields fields = Fields.of("body", call.json(), FIELDS);
        Asker asker = Asker.of(fields, model, limits);
        int k = fields.amount("k", DEFAULT_K, limits.maxItems());
        if (fields.has("explore")) {
            throw Fields.invalid("explore", "is not supported yet; leave it out for the best items by score");
        }
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
        return new Request(asker, k, items, excludesSeen, excluded, filter(fields, model), fields.details());
    }

    private static ItemFilter filter(Fields fields, VeloxModel model) {
        Optional<JsonNode> filter = fields.optional("filter");
        if (filter.isPresent() && !model.isMaterialized()) {
            throw Fields.invalid(
                    "filter", "must be left out: the model computes features, and takes no metadata of items");
        }
        return filter.map(FilterReader::read).orElse(ItemFilter.NONE);
    }

    private <T> CompletableFuture<T> rank(
            Request request, Answering answering, Set<Item> excluded, Function<Scoring, T> then) {
        Choice choice = new Choice(request.k, excluded, request.filter);
        return request.items.isPresent()
                ? scorer.bestOf(answering, request.items.get(), choice, then)
                : scorer.bestOfCatalogue(answering, choice, then);
    }
}
