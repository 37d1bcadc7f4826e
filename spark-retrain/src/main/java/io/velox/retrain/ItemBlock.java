package io.velox.retrain;

import java.io.Serializable;

/**
 * The posteriors of the items of one block that have ratings.
 *
 * @param items indexes, ascending
 * @param posteriors of the items, in their order
 * @param statistics of them
 */
@SuppressWarnings("ArrayRecordComponent") // one per partition; never compared
record ItemBlock(int[] items, VectorPosterior[] posteriors, SideStatistics statistics) implements Serializable {}
