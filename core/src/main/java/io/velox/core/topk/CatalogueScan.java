package io.velox.core.topk;

import io.velox.core.model.FactorTable;
import java.util.BitSet;

/** The exact best K items of a table for one user: every row is scored, in double, and the best are kept. */
public final class CatalogueScan {
    private CatalogueScan() {}

    /**
     * Ranks the whole table by {@code o + wᵀf}.
     *
     * @param excluded rows that are passed over
     */
    public static Ranking best(FactorTable table, double[] weights, int k, BitSet excluded) {
        int n = table.size();
        TopK best = new TopK(Math.max(1, Math.min(k, n)));
        for (int row = excluded.nextClearBit(0); row < n; row = excluded.nextClearBit(row + 1)) {
            best.offer(row, table.score(row, weights));
        }
        return best.drain();
    }
}
