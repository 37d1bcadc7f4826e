package io.velox.serving.predict;

import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.Ranking;
import io.velox.serving.items.ItemFilter;
import io.velox.serving.items.Provisional;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * The best of everything that a version knows and of what it takes provisionally, as far as a choice admits it: exact over both together, best first and ties by
 * smaller item.
 */
final class CatalogueRanking {
    private CatalogueRanking() {}

    /**
     * Ranks a table in memory, and the provisional items beside it.
     *
     * @throws io.velox.core.error.VeloxException {@code INVALID_REQUEST} for a model that computes features and so has no catalogue
     */
    static Scoring best(Answering answering, Choice choice) {
        CatalogueIndex catalogue = Scoring.catalogue(answering);
        FactorTable table = catalogue.table();
        Ranking ranking =
                best(catalogue, answering.weights(), choice, answering.version().items()::passing);
        return withProvisional(answering, Scoring.of(answering, table, ranking, List.of()), choice);
    }

    /** The best of what is ranked already, and of the provisional items. */
    static Scoring withProvisional(Answering answering, Scoring known, Choice choice) {
        Provisional provisional = answering.version().items().provisional();
        if (provisional.isEmpty()) {
            return known;
        }
        FactorTable table = provisional.catalogue().table();
        Ranking ranking = best(provisional.catalogue(), answering.weights(), choice, provisional::passing);
        List<ScoredItem> items = new ArrayList<>(ranking.size());
        for (int i = 0; i < ranking.size(); i++) {
            double score = answering.finite(ranking.scores()[i]).getAsDouble();
            items.add(new ScoredItem(Item.ofId(table.item(ranking.rows()[i])), score, true));
        }
        return known.and(new Scoring(items, known.unknown()), choice.k());
    }

    private static Ranking best(
            CatalogueIndex catalogue, double[] weights, Choice choice, Function<ItemFilter, BitSet> passing) {
        return catalogue.best(weights, choice.k(), choice.barred(catalogue, passing));
    }
}
