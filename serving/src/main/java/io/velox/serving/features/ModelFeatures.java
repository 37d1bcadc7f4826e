package io.velox.serving.features;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.VeloxModel;
import io.velox.core.topk.CatalogueIndex;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;

/**
 * Features that are always at hand: of a table in memory, or computed from the item. Immutable.
 *
 * @param catalogue from which the best of all items are taken; empty for a model that computes features, and so has no catalogue
 */
public record ModelFeatures(VeloxModel model, Optional<CatalogueIndex> catalogue)
        implements ItemFeatures, FeaturesAtHand {
    /** Lays out the catalogue, which takes a sort and a copy of the table. */
    public ModelFeatures(VeloxModel model) {
        this(
                model,
                model instanceof MatrixFactorModel factorization
                        ? Optional.of(CatalogueIndex.of(factorization.factors(), model.prior()))
                        : Optional.empty());
    }

    @Override
    public CompletableFuture<FeaturesAtHand> gather(Collection<Item> items) {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public OptionalDouble score(Item item, double[] weights) {
        if (model instanceof MatrixFactorModel factorization) {
            int row = item.isId() ? factorization.factors().row(item.text()) : -1;
            return row < 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(factorization.factors().score(row, weights));
        }
        return model.features(item)
                .map(f -> OptionalDouble.of(f.score(weights)))
                .orElseGet(OptionalDouble::empty);
    }

    @Override
    public Optional<FeatureVector> features(Item item) {
        return model.features(item);
    }

    @Override
    public CompletableFuture<Void> warmed() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void release() {
        // Nothing but the version refers to the table.
    }
}
