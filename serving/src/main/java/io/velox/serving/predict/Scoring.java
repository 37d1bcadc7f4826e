package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.TopK;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

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
                scored.add(new ScoredItem(item, score.getAsDouble(), features.isProvisional(item)));
            } else {
                unknown.add(item);
            }
        }
        return new Scoring(scored, unknown);
    }

    /** The best k of the items, best first and ties by smaller item; an item given twice counts once. */
    public static Scoring bestOf(
            Answering answering, FeaturesAtHand features, Collection<Item> items, int k, Set<Item> excluded) {
        return catalogueOf(answering)
                .map(catalogue -> bestOfRows(answering, catalogue, items, k, excluded))
                .map(known -> known.and(bestOfOthers(answering, features, known.unknown, k, excluded), k))
                .orElseGet(() -> bestOfOthers(answering, features, items, k, excluded));
    }

    private static Scoring bestOfRows(
            Answering answering, CatalogueIndex catalogue, Collection<Item> items, int k, Set<Item> excluded) {
        FactorTable table = catalogue.table();
        BitSet passedOver = rows(table, excluded);
        int[] rows = new int[items.size()];
        int n = 0;
        SortedSet<Item> unknown = new TreeSet<>();
        for (Item item : items) {
            int row = row(table, item);
            if (row >= 0 && !passedOver.get(row)) {
                rows[n++] = row;
            } else if (row < 0 && !excluded.contains(item)) {
                unknown.add(item);
            }
        }
        Ranking ranking = catalogue.bestOf(Arrays.copyOf(rows, n), answering.weights(), k);
        return of(answering, table, ranking, List.copyOf(unknown));
    }

    private static Scoring bestOfOthers(
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

    /** The rows of those of the items that the table has. */
    public static BitSet rows(FactorTable table, Set<Item> items) {
        BitSet rows = new BitSet();
        for (Item item : items) {
            int row = row(table, item);
            if (row >= 0) {
                rows.set(row);
            }
        }
        return rows;
    }

    private static int row(FactorTable table, Item item) {
        return item.isId() ? table.row(item.text()) : -1;
    }

    static Scoring of(Answering answering, FactorTable table, Ranking ranking, List<Item> unknown) {
        List<ScoredItem> ranked = new ArrayList<>(ranking.size());
        for (int i = 0; i < ranking.size(); i++) {
            double score = answering.finite(ranking.scores()[i]).getAsDouble();
            ranked.add(new ScoredItem(Item.ofId(table.item(ranking.rows()[i])), score));
        }
        return new Scoring(ranked, unknown);
    }

    /** The best k of these and of others, which are the best of what is unknown here. */
    Scoring and(Scoring others, int k) {
        if (others.items.isEmpty()) {
            return new Scoring(items, others.unknown);
        }
        List<ScoredItem> best = Stream.concat(items.stream(), others.items.stream())
                .sorted(ScoredItem.BEST_FIRST)
                .limit(k)
                .toList();
        return new Scoring(best, others.unknown);
    }

    /** All but the first. */
    public Scoring after(int first) {
        return new Scoring(items.subList(Math.min(first, items.size()), items.size()), unknown);
    }

    /**
     * The catalogue in memory from which the best are taken.
     *
     * @throws VeloxException {@code INVALID_REQUEST} for a model that computes features and so has no catalogue
     */
    public static CatalogueIndex catalogue(Answering answering) {
        return catalogueOf(answering)
                .orElseThrow(() -> VeloxException.ofField(
                        ErrorCode.INVALID_REQUEST,
                        "items",
                        "items must be given, because model '" + answering.id().model()
                                + "' computes the features of any item and has no catalogue"));
    }

    private static Optional<CatalogueIndex> catalogueOf(Answering answering) {
        return answering.version().features() instanceof ModelFeatures features
                ? features.catalogue()
                : Optional.empty();
    }
}
