package io.velox.core.topk;

/** Rows and their scores, best first; both of the same length, owned by whoever holds the ranking. */
@SuppressWarnings("ArrayRecordComponent") // a result that is read once and never compared
public record Ranking(int[] rows, double[] scores) {
    public int size() {
        return rows.length;
    }
}
