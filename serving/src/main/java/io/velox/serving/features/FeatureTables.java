package io.velox.serving.features;

import io.velox.core.item.ItemGuesses;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.PriorGuess;
import io.velox.core.store.StoredFactorModel;
import io.velox.core.store.StoredRegression;
import java.util.Optional;

/**
 * Opens versions with their item tables in memory, where these are small enough, and else over the feature cache; those that compute
 * features over a cache of these.
 *
 * @param memoryBytes the largest table that is kept in memory
 * @param scans for requests that are about every item of a version: apart, so that nothing else waits behind them
 */
public record FeatureTables(
        ModelStore store,
        long memoryBytes,
        FeatureCache cache,
        StorePool scans,
        FeatureWarmer warmer,
        ComputedFeatureCache computed)
        implements VersionOpener {
    @Override
    public OpenVersion open(Manifest manifest) {
        if (manifest.kind() == ModelKind.LINEAR || manifest.itemBytes() <= memoryBytes) {
            VeloxModel model = store.open(manifest);
            return OpenVersion.inMemory(model instanceof LinearModel linear ? computed.keepingFeatures(linear) : model)
                    .with(guesses(manifest));
        }
        StoredFactorModel model = store.openStored(manifest);
        return new OpenVersion(
                model, new StoredFeatures(model.id(), model.factors(), cache, scans, warmer), guesses(manifest));
    }

    /** From what is registered of an item where training had such metadata, and else what a refresh takes new items for. */
    private Optional<ItemGuesses> guesses(Manifest manifest) {
        return StoredRegression.read(store, manifest)
                .<ItemGuesses>map(regression -> regression)
                .or(() -> PriorGuess.of(manifest));
    }

    @Override
    public void catalogueChanges() {
        warmer.lookNow();
    }
}
