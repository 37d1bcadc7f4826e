package io.velox.serving.explore;

import io.velox.core.model.Item;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.UpperConfidence;
import java.util.BitSet;

/** What either of two has: the rows of the first, and after them those of the second. They have no item in common. */
record JoinedCandidates(Candidates first, Candidates second) implements Candidates {
    @Override
    public int size() {
        return first.size() + second.size();
    }

    @Override
    public BitSet excluded() {
        BitSet all = (BitSet) first.excluded().clone();
        second.excluded().stream().forEach(row -> all.set(first.size() + row));
        return all;
    }

    @Override
    public Ranking best(double[] weights, int k) {
        return merged(first.best(weights, k), second.best(weights, k), k);
    }

    @Override
    public Ranking best(UpperConfidence bound, int k) {
        return merged(first.best(bound, k), second.best(bound, k), k);
    }

    /** Best first, and ties by smaller item. */
    private Ranking merged(Ranking a, Ranking b, int k) {
        int n = Math.min(k, a.size() + b.size());
        int[] rows = new int[n];
        double[] scores = new double[n];
        for (int i = 0, j = 0; i + j < n; ) {
            boolean isFirst = j == b.size() || (i < a.size() && isBetter(a, i, b, j));
            rows[i + j] = isFirst ? a.rows()[i] : first.size() + b.rows()[j];
            scores[i + j] = isFirst ? a.scores()[i] : b.scores()[j];
            if (isFirst) {
                i++;
            } else {
                j++;
            }
        }
        return new Ranking(rows, scores);
    }

    private boolean isBetter(Ranking a, int i, Ranking b, int j) {
        double score = a.scores()[i];
        double other = b.scores()[j];
        return score == other ? first.item(a.rows()[i]).compareTo(second.item(b.rows()[j])) < 0 : score > other;
    }

    @Override
    public Item item(int row) {
        return row < first.size() ? first.item(row) : second.item(row - first.size());
    }

    @Override
    public boolean isProvisional(int row) {
        return row < first.size() ? first.isProvisional(row) : second.isProvisional(row - first.size());
    }

    @Override
    public double score(int row, double[] weights) {
        return row < first.size() ? first.score(row, weights) : second.score(row - first.size(), weights);
    }
}
