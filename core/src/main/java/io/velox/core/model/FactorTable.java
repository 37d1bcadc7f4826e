package io.velox.core.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The features of all items that a version knows: one row per item, in ascending order of item id ({@link String#compareTo}), in
 * {@code float}. Immutable.
 *
 * <p>Takes about 4·d + 100 bytes an item.
 */
public final class FactorTable {
    private final int dimension;
    private final FactorBlock[] blocks;
    private final Map<String, Integer> rows = new HashMap<>();

    private FactorTable(int dimension, List<FactorBlock> blocks) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension must be at least 1, but got " + dimension);
        }
        this.dimension = dimension;
        this.blocks = blocks.toArray(FactorBlock[]::new);
        String previous = "";
        for (int b = 0; b < this.blocks.length; b++) {
            FactorBlock block = this.blocks[b];
            boolean isLast = b == this.blocks.length - 1;
            if (block.dimension() != dimension || (block.size() != FactorBlock.ROWS && !isLast)) {
                throw new IllegalArgumentException("block " + b + " must have " + FactorBlock.ROWS
                        + " rows of dimension " + dimension + ", but has " + block.size() + " of " + block.dimension());
            }
            for (String item : block.items()) {
                if (item.compareTo(previous) <= 0) {
                    throw new IllegalArgumentException(
                            item.equals(previous)
                                    ? "item '" + item + "' is in the table twice"
                                    : "item '" + item + "' must come before '" + previous + "'");
                }
                previous = item;
                rows.put(item, rows.size());
            }
        }
    }

    /** A table of the given blocks, which continue one another in ascending order of item id. */
    public static FactorTable ofBlocks(int dimension, List<FactorBlock> blocks) {
        return new FactorTable(dimension, blocks);
    }

    public int size() {
        return rows.size();
    }

    public int dimension() {
        return dimension;
    }

    public List<FactorBlock> blocks() {
        return List.of(blocks);
    }

    /** The item's row, or -1 if the table does not have it. */
    public int row(String item) {
        return rows.getOrDefault(item, -1);
    }

    public String item(int row) {
        return block(row).items()[row % FactorBlock.ROWS];
    }

    public FeatureVector features(int row) {
        FactorBlock block = block(row);
        int r = row % FactorBlock.ROWS;
        double[] values = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            values[i] = block.features()[r * dimension + i];
        }
        return new FeatureVector(values, block.offsets()[r], block.noises()[r]);
    }

    /** {@code o + wᵀf} of one row, to the same bits as {@link FeatureVector#score}. */
    public double score(int row, double[] weights) {
        FactorBlock block = block(row);
        int r = row % FactorBlock.ROWS;
        float[] features = block.features();
        double sum = 0;
        for (int i = 0, k = r * dimension; i < dimension; i++, k++) {
            sum += weights[i] * features[k];
        }
        return block.offsets()[r] + sum;
    }

    /**
     * Scores several rows, to the bits of {@link #score(int, double[])}: four at a time, because the additions of one sum have to wait
     * for each other.
     *
     * @return in the order of the rows
     */
    public double[] scores(int[] rows, double[] weights) {
        if (weights.length != dimension) {
            throw new IllegalArgumentException(
                    "weights must have length " + dimension + ", but have " + weights.length);
        }
        double[] scores = new double[rows.length];
        int i = 0;
        for (; i + 4 <= rows.length; i += 4) {
            scoreFour(rows, i, weights, scores);
        }
        for (; i < rows.length; i++) {
            scores[i] = score(rows[i], weights);
        }
        return scores;
    }

    private void scoreFour(int[] rows, int from, double[] weights, double[] scores) {
        float[] a = block(rows[from]).features();
        float[] b = block(rows[from + 1]).features();
        float[] c = block(rows[from + 2]).features();
        float[] d = block(rows[from + 3]).features();
        int startOfA = rows[from] % FactorBlock.ROWS * dimension;
        int startOfB = rows[from + 1] % FactorBlock.ROWS * dimension;
        int startOfC = rows[from + 2] % FactorBlock.ROWS * dimension;
        int startOfD = rows[from + 3] % FactorBlock.ROWS * dimension;
        double sumOfA = 0;
        double sumOfB = 0;
        double sumOfC = 0;
        double sumOfD = 0;
        for (int i = 0; i < dimension; i++) {
            double weight = weights[i];
            sumOfA += weight * a[startOfA + i];
            sumOfB += weight * b[startOfB + i];
            sumOfC += weight * c[startOfC + i];
            sumOfD += weight * d[startOfD + i];
        }
        scores[from] = offset(rows[from]) + sumOfA;
        scores[from + 1] = offset(rows[from + 1]) + sumOfB;
        scores[from + 2] = offset(rows[from + 2]) + sumOfC;
        scores[from + 3] = offset(rows[from + 3]) + sumOfD;
    }

    private float offset(int row) {
        return block(row).offsets()[row % FactorBlock.ROWS];
    }

    private FactorBlock block(int row) {
        return blocks[row / FactorBlock.ROWS];
    }

    /** Collects rows in any order. Single writer. */
    public static final class Builder {
        private final int dimension;
        private final List<Row> rows = new ArrayList<>();

        public Builder(int dimension) {
            if (dimension < 1) {
                throw new IllegalArgumentException("dimension must be at least 1, but got " + dimension);
            }
            this.dimension = dimension;
        }

        /** Adds one item; {@code features} has length d and is not written to afterwards. */
        public Builder add(String item, float[] features, float offset, float noise) {
            if (features.length != dimension) {
                throw new IllegalArgumentException(
                        "features of '" + item + "' must have length " + dimension + ", but have " + features.length);
            }
            rows.add(new Row(item, features, offset, noise));
            return this;
        }

        public FactorTable build() {
            rows.sort(Comparator.comparing(Row::item));
            List<FactorBlock> blocks = new ArrayList<>();
            for (int start = 0; start < rows.size(); start += FactorBlock.ROWS) {
                blocks.add(block(rows.subList(start, Math.min(start + FactorBlock.ROWS, rows.size()))));
            }
            return new FactorTable(dimension, blocks);
        }

        private FactorBlock block(List<Row> part) {
            int n = part.size();
            String[] items = new String[n];
            float[] features = new float[n * dimension];
            float[] offsets = new float[n];
            float[] noises = new float[n];
            for (int r = 0; r < n; r++) {
                Row row = part.get(r);
                items[r] = row.item();
                System.arraycopy(row.features(), 0, features, r * dimension, dimension);
                offsets[r] = row.offset();
                noises[r] = row.noise();
            }
            return new FactorBlock(items, features, offsets, noises);
        }

        @SuppressWarnings("ArrayRecordComponent") // only carried from add to build
        private record Row(String item, float[] features, float offset, float noise) {}
    }
}
