package io.velox.core.topk;

import io.velox.core.topk.IndexedBlock.Bounds;
import java.util.BitSet;

/**
 * One user's scan of a {@link CatalogueIndex}: block by block, passing over those of which a bound says that no row is among the best.
 * Lives for one call.
 */
abstract class CatalogueQuery {
    /** Beyond which features and weights are scanned in double, because their products might not be of float. */
    private static final double LARGEST_IN_FLOAT = 1e30;

    private static final double SMALLEST_TO_SQUARE = 1e-140;

    private final CatalogueIndex index;
    private final double[] weights;
    private final BitSet excluded;
    private final TopK best;
    private final float[] floats;
    private final float[] sums;

    /** What the constant dimensions add to every score. */
    private final double base;

    /** What the order of additions in double can change of it. */
    private final double slackOfBase;

    private final double norm;

    /** What the K-th best is known to reach before anything is scanned. */
    private double reached = Double.NEGATIVE_INFINITY;

    CatalogueQuery(CatalogueIndex index, double[] weights, int k, BitSet excluded) {
        int dimension = index.table().dimension();
        if (weights.length != dimension) {
            throw new IllegalArgumentException(
                    "weights must have length " + dimension + ", but have " + weights.length);
        }
        int[] varying = index.varying();
        int[] constant = index.constant();
        this.index = index;
        this.weights = weights;
        this.excluded = excluded;
        this.best = new TopK(Math.min(k, Math.max(1, index.table().size())));
        this.floats = new float[varying.length];
        this.sums = new float[index.rowsOfBlock()];
        double sum = 0;
        double magnitude = 0;
        for (int c = 0; c < constant.length; c++) {
            double product = weights[constant[c]] * index.constants()[c];
            sum += product;
            magnitude += Math.abs(product);
        }
        double squares = 0;
        double largest = 0;
        for (int v = 0; v < varying.length; v++) {
            double weight = weights[varying[v]];
            floats[v] = (float) weight;
            squares += weight * weight;
            largest = Math.max(largest, Math.abs(weight));
        }
        this.base = sum;
        this.slackOfBase = magnitude * Rounding.ofDouble(weights.length);
        // Squares of very small weights vanish; the norm is never more than this.
        this.norm = largest < SMALLEST_TO_SQUARE ? Math.sqrt(varying.length) * largest : Math.sqrt(squares);
    }

    /** What a row is ranked by, in double: the score, and what the query adds to it. */
    abstract double value(int row);

    /** What the query adds at most to the score of a row within the bounds; at least 0. */
    abstract double addedAtMost(Bounds bounds);

    /** Adds that to the score in float of each row of a block. */
    abstract void addAtMost(IndexedBlock block, float[] sums);

    /** Whether everything that {@link #ranking} computes in float is a number there; else all must be computed in double. */
    final boolean isOfFloat() {
        return isOfFloat(index.blocks().length == 0 ? Bounds.NONE : index.fromHere(0));
    }

    boolean isOfFloat(Bounds all) {
        return Math.abs(base) < LARGEST_IN_FLOAT
                && norm < LARGEST_IN_FLOAT
                && all.norm() < LARGEST_IN_FLOAT
                && norm * all.norm() < LARGEST_IN_FLOAT
                && addedAtMost(all) < LARGEST_IN_FLOAT
                && all.magnitude() < LARGEST_IN_FLOAT;
    }

    /** Tells that at least K rows are worth this much. */
    final void expect(double value) {
        reached = value;
    }

    private double threshold() {
        return Math.max(reached, best.threshold());
    }

    final Ranking ranking() {
        run();
        return best.drain();
    }

    /** Returns how many blocks were scanned. */
    final int run() {
        int scanned = 0;
        for (int b = 0; b < index.blocks().length && !isOver(b); b++) {
            scanned += visit(b) ? 1 : 0;
        }
        return scanned;
    }

    /** Whether neither a block nor any after it can have a row that is among the best. */
    final boolean isOver(int block) {
        return isBeyond(index.fromHere(block));
    }

    /** Scans a block, unless its bounds rule it out. */
    final boolean visit(int block) {
        IndexedBlock visited = index.blocks()[block];
        if (isBeyond(visited.bounds())) {
            return false;
        }
        scan(visited);
        return true;
    }

    /** Empties the query. */
    final Ranking drain() {
        return best.drain();
    }

    /** Whether no row within the bounds reaches the K-th best, ties included. */
    private boolean isBeyond(Bounds bounds) {
        double reach = norm * bounds.norm();
        double slack = slackOfBase + (reach + bounds.magnitude()) * Rounding.ofDouble(weights.length);
        return base + bounds.offset() + reach + addedAtMost(bounds) + slack + Double.MIN_NORMAL < threshold();
    }

    private void scan(IndexedBlock block) {
        block.score(floats, sums);
        addAtMost(block, sums);
        double added = addedAtMost(block.bounds());
        double slack = slackOfBase
                + (norm * block.bounds().norm() + block.bounds().magnitude() + added) * Rounding.ofFloat(floats.length)
                + Rounding.UNDERFLOW
                        * (floats.length + 1)
                        * (1 + norm + block.bounds().norm());
        float floor = floor(slack);
        int[] rows = block.rows();
        for (int r = 0; r < rows.length; r++) {
            if (sums[r] >= floor && !excluded.get(rows[r])) {
                best.offer(rows[r], value(rows[r]));
                floor = floor(slack);
            }
        }
    }

    /** The least sum in float of a row that may be among the best. */
    private float floor(double slack) {
        return Math.nextDown((float) (threshold() - base - slack));
    }
}
