package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.items.RegisteredItem;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/models/{model}/items/{item}}: an item's features and offset in the version that answers, or in another loaded one, and what is
 * registered of it.
 * For a model that computes features the path holds the item's JSON data, percent-encoded.
 */
record GetItem(ServedModels models) implements Operation {
    /**
     * {@code score = offset + weights·features}; {@code noise} is τ, the item's own.
     *
     * @param provisional true where the version was not trained on the item; else null
     * @param revision of the registration that provisional features follow; else null
     * @param ratings that provisional features have learnt; else null
     * @param metadata null where the item is not registered
     */
    @SuppressWarnings("ArrayRecordComponent") // written out once
    record Answer(
            Item item,
            int version,
            double[] features,
            double offset,
            double noise,
            @Nullable Boolean provisional,
            @Nullable Long revision,
            @Nullable Integer ratings,
            @Nullable Metadata metadata) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        OptionalInt asked = call.queriedVersion();
        LoadedVersion version = asked.isPresent() ? models.loaded(entry, asked.getAsInt()) : models.live(entry.model());
        VeloxModel model = version.model();
        Item item = model.isMaterialized()
                ? Item.ofId(call.id("item"))
                : Fields.item("item", JsonBody.parse("item", call.parameter("item")), model::check);
        return call.await(version.gather(List.of(item))).map(features -> reply(item, version, features));
    }

    private static Reply reply(Item item, LoadedVersion version, FeaturesAtHand features) {
        FeatureVector known = features.features(item).orElseThrow(() -> unknown(item, version));
        boolean isProvisional = features.isProvisional(item);
        OptionalLong revision = version.items().provisional().revision(item);
        return Reply.ok(new Answer(
                item,
                version.model().id().version(),
                known.values(),
                known.offset(),
                known.noise(),
                isProvisional ? true : null,
                isProvisional && revision.isPresent() ? revision.getAsLong() : null,
                isProvisional ? version.items().provisional().ratings(item) : null,
                version.items().find(item).map(RegisteredItem::metadata).orElse(null)));
    }

    /** {@code UNKNOWN_ITEM}. */
    static VeloxException unknown(Item item, LoadedVersion version) {
        return VeloxException.ofField(
                ErrorCode.UNKNOWN_ITEM,
                "item",
                "item '" + item + "' is not known to version "
                        + version.model().id().version() + " of model '"
                        + version.model().id().model()
                        + "'; observations of it are kept and count as soon as a version knows it");
    }
}
