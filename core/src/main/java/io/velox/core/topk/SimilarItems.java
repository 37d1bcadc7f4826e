package io.velox.core.topk;

import io.velox.core.model.FeatureVector;
import java.util.BitSet;

/**
 * The rows of a catalogue that are most like one of them: by the cosine of their features, without the dimensions in which all rows agree.
 * A scan in float chooses candidates, whose cosines are computed in double. Lives for one call.
 */
final class SimilarItems {
    /** Beyond which products in float might be no numbers, and below which they may be too small. */
    private static final double LARGEST = 1e15;

    private static final double SMALLEST = 1e-12;

    private final CatalogueIndex index;
    private final double[] features;
    private final double norm;
    private final BitSet excluded;
    private final TopK best;

    SimilarItems(CatalogueIndex index, int row, int k, BitSet excluded) {
        this.index = index;
        this.features = varying(row);
        this.norm = norm(features);
        this.excluded = excluded;
        this.best = new TopK(Math.min(k, Math.max(1, index.table().size())));
    }

    /** The ranking's scores are cosines; a row without features is like none. */
    Ranking ranking() {
        boolean isOfFloat = index.blocks().length > 0 && index.fromHere(0).norm() < LARGEST && norm > SMALLEST;
        float[] floats = new float[features.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) features[i];
        }
        float[] sums = new float[index.rowsOfBlock()];
        for (IndexedBlock block : index.blocks()) {
            if (isOfFloat) {
                block.product(floats, sums);
                offerCandidates(block, sums);
            } else {
                for (int row : block.rows()) {
                    offer(row);
                }
            }
        }
        return best.drain();
    }

    private void offerCandidates(IndexedBlock block, float[] sums) {
        float slack = (float) (2 * norm * Rounding.ofFloat(features.length));
        float floor = floor(slack);
        int[] rows = block.rows();
        float[] norms = block.norms();
        for (int r = 0; r < rows.length; r++) {
            if (sums[r] >= floor * norms[r] || norms[r] < SMALLEST) {
                offer(rows[r]);
                floor = floor(slack);
            }
        }
    }

    /** The least product of a row among the best, for each unit of its norm. */
    private float floor(float slack) {
        return (float) (best.threshold() * norm) - slack;
    }

    private void offer(int row) {
        if (!excluded.get(row)) {
            double[] others = varying(row);
            double sum = 0;
            for (int i = 0; i < others.length; i++) {
                sum += features[i] * others[i];
            }
            best.offer(row, sum / (norm * norm(others)));
        }
    }

    private double[] varying(int row) {
        FeatureVector all = index.table().features(row);
        int[] dimensions = index.varying();
        double[] values = new double[dimensions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = all.values()[dimensions[i]];
        }
        return values;
    }

    private static double norm(double[] x) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
