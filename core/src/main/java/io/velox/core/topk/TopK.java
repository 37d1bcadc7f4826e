package io.velox.core.topk;

/**
 * The K best of a stream of scored rows: higher score first, and of equal scores the smaller row (rows are in the order of their item
 * ids, so that ties go to the smaller id).
 *
 * <p>A binary heap whose root is the worst kept row, so that most offers cost one comparison. Single writer.
 */
public final class TopK {
    private final double[] scores;
    private final int[] rows;
    private int size;

    public TopK(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, but got " + k);
        }
        this.scores = new double[k];
        this.rows = new int[k];
    }

    /** Keeps the row if it is among the best so far; a score that is not a number never is. */
    public void offer(int row, double score) {
        if (size < rows.length) {
            if (!Double.isNaN(score)) {
                siftUp(size++, row, score);
            }
        } else if (isBetter(score, row, scores[0], rows[0])) {
            siftDown(row, score);
        }
    }

    /** The score that a further row has to reach to be kept; negative infinity until K rows are kept. */
    public double threshold() {
        return size < rows.length ? Double.NEGATIVE_INFINITY : scores[0];
    }

    public int size() {
        return size;
    }

    /** Empties the heap into arrays, best first. */
    public Ranking drain() {
        int[] bestRows = new int[size];
        double[] bestScores = new double[size];
        for (int i = size - 1; i >= 0; i--) {
            bestRows[i] = rows[0];
            bestScores[i] = scores[0];
            size = i;
            if (i > 0) {
                siftDown(rows[i], scores[i]);
            }
        }
        return new Ranking(bestRows, bestScores);
    }

    private static boolean isBetter(double score, int row, double otherScore, int otherRow) {
        return score > otherScore || (score == otherScore && row < otherRow);
    }

    private void siftUp(int start, int row, double score) {
        int i = start;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!isBetter(scores[parent], rows[parent], score, row)) {
                break;
            }
            move(parent, i);
            i = parent;
        }
        put(i, row, score);
    }

    private void siftDown(int row, double score) {
        int i = 0;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && isBetter(scores[child], rows[child], scores[child + 1], rows[child + 1])) {
                child++;
            }
            if (!isBetter(score, row, scores[child], rows[child])) {
                break;
            }
            move(child, i);
            i = child;
        }
        put(i, row, score);
    }

    private void move(int from, int to) {
        scores[to] = scores[from];
        rows[to] = rows[from];
    }

    private void put(int i, int row, double score) {
        scores[i] = score;
        rows[i] = row;
    }
}
