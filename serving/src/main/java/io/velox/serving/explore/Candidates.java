package io.velox.serving.explore;

import io.velox.core.model.Item;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.UpperConfidence;
import java.util.BitSet;

/**
 * What a list may be chosen from: rows in the order of their items, of which some are excluded. Lives for one request.
 */
interface Candidates {
    /** How many rows there are, excluded ones too. */
    int size();

    /** Rows that may not be shown. */
    BitSet excluded();

    /** The best k rows by score. */
    Ranking best(double[] weights, int k);

    /** The best k rows by upper confidence bound. */
    Ranking best(UpperConfidence bound, int k);

    Item item(int row);

    /** {@code o + wᵀf} of a row. */
    double score(int row, double[] weights);
}
