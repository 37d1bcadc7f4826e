package io.velox.core.topk;

import io.velox.core.model.FactorBlock;
import java.util.Arrays;
import java.util.List;

/**
 * Some rows of a table, dimension by dimension: n rows, m dimensions. Owns its arrays; nobody writes to them.
 *
 * @param rows of the table, length n
 * @param features m arrays of length n: one array for a dimension, because the compiler cannot tell that parts of one do not overlap
 * @param offsets length n
 * @param norms of the features of each row, never too small; length n
 * @param priorWidths {@code √(fᵀ S f)} of each row with the prior's covariance S, which no user's is above; never too small; length n
 */
@SuppressWarnings("ArrayRecordComponent") // large and never compared
record IndexedBlock(
        int[] rows, float[][] features, float[] offsets, float[] norms, float[] priorWidths, Bounds bounds) {
    static IndexedBlock of(List<FactorBlock> blocks, int[] dimensions, int[] rows, PriorWidth prior) {
        int n = rows.length;
        float[][] features = new float[dimensions.length][n];
        float[] offsets = new float[n];
        float[] norms = new float[n];
        float[] priorWidths = new float[n];
        Bounds bounds = Bounds.NONE;
        for (int r = 0; r < n; r++) {
            FactorBlock block = blocks.get(rows[r] / FactorBlock.ROWS);
            int row = rows[r] % FactorBlock.ROWS;
            int from = row * block.dimension();
            for (int i = 0; i < dimensions.length; i++) {
                features[i][r] = block.features()[from + dimensions[i]];
            }
            offsets[r] = block.offsets()[row];
            double norm = CatalogueIndex.norm(block.features(), from, dimensions);
            norms[r] = Math.nextUp((float) norm);
            double priorWidth = prior.of(block, row);
            priorWidths[r] = Math.nextUp((float) priorWidth);
            bounds = bounds.and(new Bounds(norm, offsets[r], Math.abs(offsets[r]), priorWidth));
        }
        return new IndexedBlock(rows, features, offsets, norms, priorWidths, bounds);
    }

    /** Writes {@code o + wᵀf} of each row, in float, to the first n of {@code sums}. */
    void score(float[] weights, float[] sums) {
        System.arraycopy(offsets, 0, sums, 0, rows.length);
        addProduct(weights, sums);
    }

    /** Writes {@code wᵀf} of each row, in float, to the first n of {@code sums}. */
    void product(float[] weights, float[] sums) {
        Arrays.fill(sums, 0, rows.length, 0);
        addProduct(weights, sums);
    }

    private void addProduct(float[] weights, float[] sums) {
        int n = rows.length;
        int i = 0;
        for (; i + 4 <= weights.length; i += 4) {
            add(
                    sums,
                    n,
                    features[i],
                    weights[i],
                    features[i + 1],
                    weights[i + 1],
                    features[i + 2],
                    weights[i + 2],
                    features[i + 3],
                    weights[i + 3]);
        }
        for (; i < weights.length; i++) {
            add(sums, n, features[i], weights[i]);
        }
    }

    private static void add(
            float[] sums, int n, float[] a, float wa, float[] b, float wb, float[] c, float wc, float[] d, float wd) {
        for (int r = 0; r < n; r++) {
            sums[r] = sums[r] + wa * a[r] + wb * b[r] + wc * c[r] + wd * d[r];
        }
    }

    private static void add(float[] sums, int n, float[] a, float wa) {
        for (int r = 0; r < n; r++) {
            sums[r] += wa * a[r];
        }
    }

    /**
     * What some rows have at most.
     *
     * @param norm of the features
     * @param magnitude of the offset, without its sign
     * @param priorWidth of what is known of the users of whom nothing is known
     */
    record Bounds(double norm, double offset, double magnitude, double priorWidth) {
        static final Bounds NONE = new Bounds(0, Double.NEGATIVE_INFINITY, 0, 0);

        Bounds and(Bounds other) {
            return new Bounds(
                    Math.max(norm, other.norm),
                    Math.max(offset, other.offset),
                    Math.max(magnitude, other.magnitude),
                    Math.max(priorWidth, other.priorWidth));
        }
    }
}
