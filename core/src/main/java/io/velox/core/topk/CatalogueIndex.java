package io.velox.core.topk;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Prior;
import io.velox.core.topk.IndexedBlock.Bounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The items of a table laid out for the exact best K of all of them: in blocks, the items with the largest features first, each block
 * dimension by dimension in {@code float}, a shape that the compiler turns into vector instructions.
 *
 * <p>A scan in float only chooses candidates: a row is passed over if its score in float is below the K-th best score by more than the
 * rounding of float can account for, and a block if the Cauchy–Schwarz inequality says so of all its rows. Candidates are scored in
 * double as {@link FactorTable#score} does, so the result is that of {@link CatalogueScan}, to the bit.
 *
 * <p>Takes about 4·d + 16 bytes an item beside the table. Immutable; safe for use from any thread.
 */
public final class CatalogueIndex {
    private static final int ROWS = FactorBlock.ROWS;

    /** A row that is scored by itself, in a scan or without one, takes as long as at least so many in a scan of all. */
    private static final int ROWS_OF_A_SCAN = 6;

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
        return of(table, PriorWidth.UNKNOWN, ROWS);
    }

    /** An index that also knows how uncertain each item is for a user of whom nothing is known. */
    public static CatalogueIndex of(FactorTable table, Prior prior) {
        return of(table, PriorWidth.of(prior), ROWS);
    }

    static CatalogueIndex of(FactorTable table, PriorWidth prior, int rowsOfBlock) {
        boolean[] isConstant = constantDimensions(table);
        int[] varying = dimensions(isConstant, false);
        int[] order = largestFirst(table, varying);
        IndexedBlock[] blocks = new IndexedBlock[(order.length + rowsOfBlock - 1) / rowsOfBlock];
        for (int b = 0; b < blocks.length; b++) {
            int from = b * rowsOfBlock;
            int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + rowsOfBlock));
            blocks[b] = IndexedBlock.of(table.blocks(), varying, rows, prior);
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
     * Ranks the whole table by {@code o + wᵀf}, as {@link CatalogueScan#best} does: one by one where few rows are left, or not
     * much more than are wanted.
     *
     * @param weights of the table's dimension
     * @param k at least 1; a table with fewer rows gives them all
     * @param excluded rows that are passed over
     */
    public Ranking best(double[] weights, int k, BitSet excluded) {
        int left = table.size() - excluded.cardinality();
        if (left <= table.size() / ROWS_OF_A_SCAN || k >= left / ROWS_OF_A_SCAN) {
            BitSet rows = new BitSet(table.size());
            rows.set(0, table.size());
            rows.andNot(excluded);
            return oneByOne(rows.stream().toArray(), weights, k);
        }
        return scan(weights, k, excluded);
    }

    Ranking scan(double[] weights, int k, BitSet excluded) {
        CatalogueQuery query = new ScoreQuery(this, weights, k, excluded);
        return query.isOfFloat() ? query.ranking() : CatalogueScan.best(table, weights, k, excluded);
    }

    /**
     * Ranks the whole table for several users in one pass: each block is scanned for all of them while it is in the processor's cache.
     *
     * @return in the order of the questions, each as {@link #best(double[], int, BitSet)} gives it
     */
    public List<Ranking> best(List<Wanted> questions) {
        List<CatalogueQuery> queries = new ArrayList<>(questions.size());
        List<CatalogueQuery> running = new ArrayList<>(questions.size());
        for (Wanted wanted : questions) {
            CatalogueQuery query = new ScoreQuery(this, wanted.weights(), wanted.k(), wanted.excluded());
            queries.add(query);
            if (query.isOfFloat()) {
                running.add(query);
            }
        }
        for (int b = 0; b < blocks.length && !running.isEmpty(); b++) {
            int block = b;
            running.removeIf(query -> query.isOver(block));
            running.forEach(query -> query.visit(block));
        }
        List<Ranking> rankings = new ArrayList<>(questions.size());
        for (int i = 0; i < questions.size(); i++) {
            Wanted wanted = questions.get(i);
            rankings.add(
                    queries.get(i).isOfFloat()
                            ? queries.get(i).drain()
                            : CatalogueScan.best(table, wanted.weights(), wanted.k(), wanted.excluded()));
        }
        return rankings;
    }

    /**
     * Ranks the whole table by an upper confidence bound, as {@link CatalogueScan#best(FactorTable, UpperConfidence, int, BitSet)} does,
     * with few variances computed: a row is passed over where its score in float and a bound of its width show that it is not among the
     * best.
     *
     * @param bound of the table's dimension, of a user who began at the index's prior; the ranking's scores are those of the bound
     * @param width of the same user
     */
    public Ranking best(UpperConfidence bound, WidthBound width, int k, BitSet excluded) {
        CatalogueQuery query = new UpperQuery(this, bound, width, k, excluded);
        return query.isOfFloat() ? query.ranking() : CatalogueScan.best(table, bound, k, excluded);
    }

    /**
     * The rows that are most like one of them, by the cosine of their features without the dimensions in which all rows agree; ties go to
     * the smaller row.
     *
     * @param row which is like itself, unless it is excluded
     * @return with cosines for scores; rows whose features are all zero are like none, and are left out
     */
    public Ranking similar(int row, int k, BitSet excluded) {
        return new SimilarItems(this, row, k, excluded).ranking();
    }

    /** What bounds a user's uncertainty about each item of the table, in O(d³). */
    public WidthBound widthBound(RidgeLearner learner) {
        return WidthBound.of(learner, varying, constant, constants);
    }

    /**
     * Ranks some rows of the table: one by one where they are few, or not much more than are wanted, otherwise by a scan of all of it.
     *
     * @param rows in any order; one that comes twice counts once
     */
    public Ranking bestOf(int[] rows, double[] weights, int k) {
        if (rows.length < table.size() / Long.SIZE) { // a bit for each row of the table would take longer
            int[] ascending = rows.clone();
            Arrays.sort(ascending);
            return oneByOne(ascending, weights, k);
        }
        BitSet others = new BitSet(table.size());
        for (int row : rows) {
            others.set(row);
        }
        others.flip(0, table.size());
        return best(weights, k, others);
    }

    private Ranking oneByOne(int[] ascending, double[] weights, int k) {
        double[] scores = table.scores(ascending, weights);
        TopK best = new TopK(Math.min(k, Math.max(1, ascending.length)));
        for (int i = 0; i < ascending.length; i++) {
            if (i == 0 || ascending[i] != ascending[i - 1]) {
                best.offer(ascending[i], scores[i]);
            }
        }
        return best.drain();
    }

    /** The items' table. */
    public FactorTable table() {
        return table;
    }

    /** The share of the blocks that {@link #best} passes over, from 0 to 1. */
    public double passedOver(double[] weights, int k, BitSet excluded) {
        CatalogueQuery query = new ScoreQuery(this, weights, k, excluded);
        return query.isOfFloat() && blocks.length > 0 ? 1 - query.run() / (double) blocks.length : 0;
    }

    int[] varying() {
        return varying;
    }

    int[] constant() {
        return constant;
    }

    float[] constants() {
        return constants;
    }

    IndexedBlock[] blocks() {
        return blocks;
    }

    /** At most so many rows has a block. */
    int rowsOfBlock() {
        return blocks.length == 0 ? 0 : blocks[0].rows().length;
    }

    /** Of a block together with all after it. */
    Bounds fromHere(int block) {
        return fromHere[block];
    }
}
