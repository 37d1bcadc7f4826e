package io.velox.core.item;

/**
 * The inputs of one item that are not 0.
 *
 * @param places ascending
 * @param values in their order
 */
@SuppressWarnings("ArrayRecordComponent") // one per item, from the encoding to the sums; never compared
record SparseInputs(int[] places, double[] values) {}
