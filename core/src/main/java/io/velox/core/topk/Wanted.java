package io.velox.core.topk;

import java.util.BitSet;

/**
 * One user's question to a catalogue.
 *
 * @param weights of the table's dimension
 * @param k at least 1
 * @param excluded rows that are passed over
 */
@SuppressWarnings("ArrayRecordComponent") // asked once and never compared
public record Wanted(double[] weights, int k, BitSet excluded) {}
