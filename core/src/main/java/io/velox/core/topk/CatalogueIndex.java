package io.velox.core.topk;

import io.velox.core.model.FactorBlock;
import io.velox.core.model.FactorTable;
import io.velox.core.topk.IndexedBlock.Bounds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The items of a table laid out for the exact best K of all of them: in blocks, the items with the largest features first, each block
 * dimension by dimension in {@code float}, a shape that the compiler turns into vector instructions.
 *
 * <p>A scan in float only chooses candidates: a row is passed over if its score in float is below the K-th best score by more than the
 * rounding of float can account for, and a block if the Cauchy–Schwarz inequality says so of all its rows. Candidates are scored in
 * double as {@link FactorTable#score} does, so the result is that of {@link CatalogueScan}, to the bit.
 *
 * <p>Takes about 4·d + 8 bytes an item beside the table. Immutable; safe for use from any thread.
 */
public final class CatalogueIndex {
    private static final int ROWS = FactorBlock.ROWS;

    /** Beyond which features and weights are scanned in double, because their products might not be of float. */
    private static final double LARGEST_IN_FLOAT = 1e30;

    private static final double SMALLEST_TO_SQUARE = 1e-140;

    private final FactorTable table;

    /** Dimensions that differ between items; the others add the same to every score. */
    private final int[] varying;

    private final int[] constant;

    /** The features of all items in the constant dimensions. */
    private final float[] constants;

    private final IndexedBlock[] blocks;

    /** Of each block together with all after it. */
    private final Bounds[] fromHere;

    private CatalogueIndex(FactorTable table, int[] varying, int[] constant, IndexedBlock[] blocks) {
        this.table = table;
        this.varying = varying;
        this.constant = constant;
        this.constants = new float[constant.length];
        for (int c = 0; c < constant.length; c++) {
            constants[c] = table.blocks().get(0).features()[constant[c]];
        }
        this.blocks = blocks;
        this.fromHere = new Bounds[blocks.length];
        Bounds bounds = Bounds.NONE;
        for (int b = blocks.length - 1; b >= 0; b--) {
            bounds = bounds.and(blocks[b].bounds());
            fromHere[b] = bounds;
        }
    }

    public static CatalogueIndex of(FactorTable table) {
        return of(table, ROWS);
    }

    static CatalogueIndex of(FactorTable table, int rowsOfBlock) {
        boolean[] isConstant = constantDimensions(table);
        int[] varying = dimensions(isConstant, false);
        int[] order = largestFirst(table, varying);
        IndexedBlock[] blocks = new IndexedBlock[(order.length + rowsOfBlock - 1) / rowsOfBlock];
        for (int b = 0; b < blocks.length; b++) {
            int from = b * rowsOfBlock;
            int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + rowsOfBlock));
            blocks[b] = IndexedBlock.of(table.blocks(), varying, rows);
        }
        return new CatalogueIndex(table, varying, dimensions(isConstant, true), blocks);
    }

    private static boolean[] constantDimensions(FactorTable table) {
        boolean[] isConstant = new boolean[table.dimension()];
        Arrays.fill(isConstant, table.size() > 0);
        for (FactorBlock block : table.blocks()) {
            float[] features = block.features();
            float[] first = table.blocks().get(0).features();
            for (int i = 0; i < isConstant.length; i++) {
                for (int r = 0; r < block.size() && isConstant[i]; r++) {
                    isConstant[i] = features[r * isConstant.length + i] == first[i];
                }
            }
        }
        return isConstant;
    }

    private static int[] dimensions(boolean[] isConstant, boolean wanted) {
        return IntStream.range(0, isConstant.length)
                .filter(i -> isConstant[i] == wanted)
                .toArray();
    }

    /** Rows in descending order of the norm of their varying features. */
    private static int[] largestFirst(FactorTable table, int[] varying) {
        long[] keys = new long[table.size()];
        int row = 0;
        for (FactorBlock block : table.blocks()) {
            for (int r = 0; r < block.size(); r++, row++) {
                float norm = (float) norm(block.features(), r * block.dimension(), varying);
                keys[row] = (long) ~Float.floatToIntBits(norm) << 32 | row;
            }
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    static double norm(float[] features, int from, int[] varying) {
        double squares = 0;
        for (int i : varying) {
            double value = features[from + i];
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /**
     * Ranks the whole table by {@code o + wᵀf}, as {@link CatalogueScan#best} does.
     *
     * @param weights of the table's dimension
     * @param k at least 1; a table with fewer rows gives them all
     * @param excluded rows that are passed over
     */
    public Ranking best(double[] weights, int k, BitSet excluded) {
        Query query = new Query(weights, k, excluded);
        if (!query.isOfFloat()) {
            return CatalogueScan.best(table, weights, k, excluded);
        }
        query.run();
        return query.best.drain();
    }

    /**
     * Ranks some rows of the table.
     *
     * @param rows the first {@code n} are ranked, each of them once
     */
    public Ranking bestOf(int[] rows, int n, double[] weights, int k) {
        double[] scores = new double[n];
        table.score(rows, n, weights, scores);
        TopK best = new TopK(Math.min(k, Math.max(1, n)));
        for (int i = 0; i < n; i++) {
            best.offer(rows[i], scores[i]);
        }
        return best.drain();
    }

    /** The items' table. */
    public FactorTable table() {
        return table;
    }

    /** The share of the blocks that {@link #best} passes over, from 0 to 1. */
    public double passedOver(double[] weights, int k, BitSet excluded) {
        Query query = new Query(weights, k, excluded);
        return query.isOfFloat() && blocks.length > 0 ? 1 - query.run() / (double) blocks.length : 0;
    }

    /** One user's; lives for one call. */
    private final class Query {
        private final double[] weights;
        private final BitSet excluded;
        private final TopK best;
        private final float[] floats = new float[varying.length];
        private final float[] sums = new float[Math.min(ROWS, table.size())];

        /** What the constant dimensions add to every score. */
        private final double base;

        /** What the order of additions in double can change of it. */
        private final double slackOfBase;

        private final double norm;

        Query(double[] weights, int k, BitSet excluded) {
            if (weights.length != table.dimension()) {
                throw new IllegalArgumentException(
                        "weights must have length " + table.dimension() + ", but have " + weights.length);
            }
            this.weights = weights;
            this.excluded = excluded;
            this.best = new TopK(Math.min(k, Math.max(1, table.size())));
            double sum = 0;
            double magnitude = 0;
            for (int c = 0; c < constant.length; c++) {
                double product = weights[constant[c]] * constants[c];
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

        boolean isOfFloat() {
            Bounds all = blocks.length == 0 ? Bounds.NONE : fromHere[0];
            return Math.abs(base) < LARGEST_IN_FLOAT
                    && norm < LARGEST_IN_FLOAT
                    && all.norm() < LARGEST_IN_FLOAT
                    && norm * all.norm() < LARGEST_IN_FLOAT
                    && all.magnitude() < LARGEST_IN_FLOAT;
        }

        /** Returns how many blocks were scanned. */
        int run() {
            int scanned = 0;
            for (int b = 0; b < blocks.length && !isBeyond(fromHere[b]); b++) {
                if (!isBeyond(blocks[b].bounds())) {
                    scan(blocks[b]);
                    scanned++;
                }
            }
            return scanned;
        }

        /** Whether no row within the bounds reaches the K-th best score, ties included. */
        boolean isBeyond(Bounds bounds) {
            double reach = norm * bounds.norm();
            double slack = slackOfBase + (reach + bounds.magnitude()) * Rounding.ofDouble(weights.length);
            return base + bounds.offset() + reach + slack + Double.MIN_NORMAL < best.threshold();
        }

        void scan(IndexedBlock block) {
            block.score(floats, sums);
            double slack = slackOfBase
                    + (norm * block.bounds().norm() + block.bounds().magnitude()) * Rounding.ofFloat(varying.length)
                    + Rounding.UNDERFLOW
                            * (varying.length + 1)
                            * (1 + norm + block.bounds().norm());
            float floor = floor(slack);
            int[] rows = block.rows();
            for (int r = 0; r < rows.length; r++) {
                if (sums[r] >= floor && !excluded.get(rows[r])) {
                    best.offer(rows[r], table.score(rows[r], weights));
                    floor = floor(slack);
                }
            }
        }

        /** The least sum in float of a row that may be among the best. */
        private float floor(double slack) {
            return Math.nextDown((float) (best.threshold() - base - slack));
        }
    }
}
