package io.velox.core.topk;

import io.velox.core.model.FactorTable;
import java.util.BitSet;

/** The exact best K items of a table for one user: every row is valued, in double, and the best are kept. */
public final class CatalogueScan {
    private CatalogueScan() {}

    /**
     * Ranks the whole table by {@code o + wᵀf}.
     *
     * @param weights of the table's dimension
     * @param k at least 1; a table with fewer rows gives them all
     * @param excluded rows that are passed over
     */
    public static Ranking best(FactorTable table, double[] weights, int k, BitSet excluded) {
        int n = table.size();
        if (weights.length != table.dimension()) {
            throw new IllegalArgumentException(
                    "weights must have length " + table.dimension() + ", but have " + weights.length);
        }
        TopK best = new TopK(Math.min(k, Math.max(1, n)));
        for (int row = excluded.nextClearBit(0); row < n; row = excluded.nextClearBit(row + 1)) {
            best.offer(row, table.score(row, weights));
        }
        return best.drain();
    }

    /**
     * Ranks the whole table by an upper confidence bound, computing every variance; the ranking's scores are those of the bound.
     *
     * @param bound of the table's dimension
     */
    public static Ranking best(FactorTable table, UpperConfidence bound, int k, BitSet excluded) {
        int n = table.size();
        TopK best = new TopK(Math.min(k, Math.max(1, n)));
        for (int row = excluded.nextClearBit(0); row < n; row = excluded.nextClearBit(row + 1)) {
            best.offer(row, bound.of(table.features(row)));
        }
        return best.drain();
    }
}
