package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.topk.CatalogueScan;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.TopK;
import io.velox.serving.features.FeaturesAtHand;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Scores of several items for one user, all from one version. Immutable.
 *
 * @param items those that the version knows
 * @param unknown those that it does not know
 */
public record Scoring(List<ScoredItem> items, List<Item> unknown) {
    /** Scores each of the items, in the order given. */
    public static Scoring each(Answering answering, FeaturesAtHand features, Collection<Item> items) {
        List<ScoredItem> scored = new ArrayList<>(items.size());
        List<Item> unknown = new ArrayList<>();
        for (Item item : items) {
            OptionalDouble score = answering.score(features, item);
            if (score.isPresent()) {
                scored.add(new ScoredItem(item, score.getAsDouble()));
            } else {
                unknown.add(item);
            }
        }
        return new Scoring(scored, unknown);
    }

    /** The best k of the items, best first and ties by smaller item; an item given twice counts once. */
    public static Scoring bestOf(
            Answering answering, FeaturesAtHand features, Collection<Item> items, int k, Set<Item> excluded) {
        List<Item> candidates = items.stream()
                .filter(i -> !excluded.contains(i))
                .distinct()
                .sorted()
                .toList();
        Scoring all = each(answering, features, candidates);
        TopK best = new TopK(Math.max(1, Math.min(k, all.items.size())));
        for (int i = 0; i < all.items.size(); i++) {
            best.offer(i, all.items.get(i).score());
        }
        Ranking ranking = best.drain();
        List<ScoredItem> ranked = new ArrayList<>(ranking.size());
        for (int row : ranking.rows()) {
            ranked.add(all.items.get(row));
        }
        return new Scoring(ranked, all.unknown);
    }

    /**
     * The best k of everything that the version knows, best first and ties by smaller item. The table is in memory.
     *
     * @throws VeloxException {@code INVALID_REQUEST} for a model that computes features and so has no catalogue
     */
    public static Scoring bestOfCatalogue(Answering answering, int k, Set<Item> excluded) {
        FactorTable table = catalogue(answering);
        BitSet rows = new BitSet(table.size());
        for (Item item : excluded) {
            int row = item.isId() ? table.row(item.text()) : -1;
            if (row >= 0) {
                rows.set(row);
            }
        }
        Ranking ranking = CatalogueScan.best(table, answering.weights(), k, rows);
        List<ScoredItem> ranked = new ArrayList<>(ranking.size());
        for (int i = 0; i < ranking.size(); i++) {
            double score = answering.finite(ranking.scores()[i]).getAsDouble();
            ranked.add(new ScoredItem(Item.ofId(table.item(ranking.rows()[i])), score));
        }
        return new Scoring(ranked, List.of());
    }

    /** The table in memory that a whole-catalogue request scans; fails as {@link #bestOfCatalogue} does. */
    public static FactorTable catalogue(Answering answering) {
        if (answering.version().model() instanceof MatrixFactorModel model) {
            return model.factors();
        }
        throw VeloxException.ofField(
                ErrorCode.INVALID_REQUEST,
                "items",
                "items must be given, because model '" + answering.id().model()
                        + "' computes the features of any item and has no catalogue");
    }
}
