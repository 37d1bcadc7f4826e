package io.velox.retrain;

import java.util.SortedMap;

/**
 * What held-out ratings say of a training on the others.
 *
 * @param served what it made; its items are the receiver's to destroy
 * @param passes how many variational passes were best
 * @param metrics of the manifest
 */
record Judgement(Served served, int passes, SortedMap<String, Double> metrics) {}
