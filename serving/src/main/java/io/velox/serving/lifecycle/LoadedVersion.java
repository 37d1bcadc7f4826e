package io.velox.serving.lifecycle;

import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ItemFeatures;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.items.ProvisionalAtHand;
import io.velox.serving.items.VersionItems;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * A version that this node can answer with. Immutable.
 *
 * @param features of its items, in memory or not
 * @param items what is registered of items, as the version sees it
 */
public record LoadedVersion(Manifest manifest, VeloxModel model, ItemFeatures features, VersionItems items) {
    /** A version of a model of which no items are registered. */
    public LoadedVersion(Manifest manifest, VeloxModel model, ItemFeatures features) {
        this(manifest, model, features, VersionItems.unregistered(manifest.id(), model.dimension(), features));
    }

    /** A version whose features this node holds in memory, of a model of which no items are registered. */
    public LoadedVersion(Manifest manifest, VeloxModel model) {
        this(manifest, model, new ModelFeatures(model));
    }

    /**
     * Fetches the features of some items, of those too that the version takes only for what it guesses of them: to score, and not to learn
     * from. Fails as {@link ItemFeatures#gather} does.
     */
    public CompletableFuture<FeaturesAtHand> gather(Collection<Item> wanted) {
        return features.gather(wanted).thenApply(known -> ProvisionalAtHand.beside(known, items.provisional()));
    }

    /** Completes when the version can go live without a cold cache, and with the items that are registered. */
    CompletableFuture<Void> warmed() {
        return CompletableFuture.allOf(features.warmed(), items.ready());
    }

    /** Gives back what is kept of the version. */
    void release() {
        items.close();
        features.release();
    }
}
