package io.velox.serving.predict;

import io.velox.core.model.FactorRow;
import io.velox.core.model.Item;
import io.velox.core.store.FactorFile;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * The best k of the rows that stream by, in whatever order; best first and ties by smaller item, as of a table in memory. Single writer;
 * whoever reads comes after.
 */
final class StreamedRanking implements FactorFile.RowConsumer {
    private final RowValue value;
    private final int k;
    private final Predicate<Item> admitted;
    private final PriorityQueue<ScoredItem> worstFirst = new PriorityQueue<>(ScoredItem.BEST_FIRST.reversed());

    /** What a row is ranked by. */
    interface RowValue {
        double of(FactorRow row);
    }

    StreamedRanking(RowValue value, int k, Predicate<Item> admitted) {
        this.value = value;
        this.k = k;
        this.admitted = admitted;
    }

    @Override
    public void row(String id, float[] features, float offset, float noise) {
        double score = value.of(new FactorRow(features, offset, noise));
        if (Double.isNaN(score) || (isFull() && score < worstFirst.element().score())) {
            return;
        }
        ScoredItem item = new ScoredItem(Item.ofId(id), score);
        if (!admitted.test(item.item())) {
            return;
        }
        if (!isFull()) {
            worstFirst.add(item);
        } else if (ScoredItem.BEST_FIRST.compare(item, worstFirst.element()) < 0) {
            worstFirst.remove();
            worstFirst.add(item);
        }
    }

    private boolean isFull() {
        return worstFirst.size() == k;
    }

    /** What has streamed by so far. */
    Scoring scoring() {
        List<ScoredItem> ranked = new ArrayList<>(worstFirst);
        ranked.sort(ScoredItem.BEST_FIRST);
        return new Scoring(ranked, List.of());
    }
}
