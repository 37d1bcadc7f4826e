package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.Item;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.ServedModels;
import io.velox.serving.predict.SimilarItems;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalInt;

/** {@code GET /v1/models/{model}/items/{item}/similar}: the items that are most like one, for whoever looks at that. */
record FindSimilar(ServedModels models, SimilarItems similar, ServingConfiguration limits) implements Operation {
    static final String K = "k";

    /** Most like it first. */
    record Answer(String model, int version, Item item, List<Neighbour> items) {}

    /** {@code similarity} is a cosine, from -1 to 1. */
    record Neighbour(Item item, double similarity) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        OptionalInt asked = call.queriedVersion();
        LoadedVersion version = asked.isPresent() ? models.loaded(entry, asked.getAsInt()) : models.live(entry.model());
        Item item = Item.ofId(call.id("item"));
        int k = call.optionalLong(K, limits.maxItems()).map(Long::intValue).orElse(RankRequest.DEFAULT_K);
        return call.await(similar.find(version, item, k))
                .map(found -> reply(version, item, found.orElseThrow(() -> GetItem.unknown(item, version))));
    }

    private static Reply reply(LoadedVersion version, Item item, Scoring scoring) {
        return Reply.ok(new Answer(
                version.model().id().model(),
                version.model().id().version(),
                item,
                scoring.items().stream()
                        .map(found -> new Neighbour(found.item(), found.score()))
                        .toList()));
    }
}
