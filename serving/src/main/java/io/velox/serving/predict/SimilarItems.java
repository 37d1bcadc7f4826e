package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorRow;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.Ranking;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.StoredFeatures;
import io.velox.serving.lifecycle.LoadedVersion;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The items of a version's catalogue that are most like one of them, by the cosine of their features without the constant for the user's
 * bias. Safe for use from any thread; nothing blocks.
 */
public record SimilarItems(CpuPool cpu) {
    /**
     * The k most like it, these first and ties by smaller item; their scores are cosines. Empty when the version does not know the item.
     *
     * <p>Fails with {@code INVALID_ITEM} for a model that computes features and so has no catalogue.
     */
    public CompletableFuture<Optional<Scoring>> find(LoadedVersion version, Item item, int k) {
        if (version.features() instanceof StoredFeatures stored) {
            return stored.gather(List.of(item)).thenCompose(features -> streamed(stored, features, item, k));
        }
        if (version.features() instanceof ModelFeatures features
                && features.catalogue().isPresent()) {
            CatalogueIndex catalogue = features.catalogue().get();
            int row = catalogue.table().row(item.text());
            long steps = CpuPool.stepsOfScan(
                    catalogue.table().size(), version.model().dimension());
            return row < 0
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : cpu.compute(steps, () -> Optional.of(inMemory(catalogue, row, k)));
        }
        return CompletableFuture.failedFuture(VeloxException.ofField(
                ErrorCode.INVALID_ITEM,
                "item",
                "item must be of a model with a catalogue, but model '"
                        + version.model().id().model() + "' computes the features of any item"));
    }

    private static Scoring inMemory(CatalogueIndex catalogue, int row, int k) {
        BitSet itself = new BitSet();
        itself.set(row);
        Ranking ranking = catalogue.similar(row, k, itself);
        List<ScoredItem> items = new ArrayList<>(ranking.size());
        for (int i = 0; i < ranking.size(); i++) {
            items.add(new ScoredItem(Item.ofId(catalogue.table().item(ranking.rows()[i])), ranking.scores()[i]));
        }
        return new Scoring(items, List.of());
    }

    private static CompletableFuture<Optional<Scoring>> streamed(
            StoredFeatures stored, FeaturesAtHand features, Item item, int k) {
        return features.features(item)
                .map(known -> {
                    StreamedRanking ranking =
                            new StreamedRanking(row -> cosine(known.values(), row), k, other -> !other.equals(item));
                    return stored.scan(ranking).thenApply(done -> Optional.of(ranking.scoring()));
                })
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Without the constant, which is last. */
    private static double cosine(double[] features, FactorRow row) {
        double product = 0;
        double own = 0;
        double others = 0;
        for (int i = 0; i < features.length - 1; i++) {
            double other = row.features()[i];
            product += features[i] * other;
            own += features[i] * features[i];
            others += other * other;
        }
        return product / (Math.sqrt(own) * Math.sqrt(others));
    }
}
