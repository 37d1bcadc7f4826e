package io.velox.core.topk;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.linalg.LargestEigenvalue;
import io.velox.core.linalg.PackedSymmetric;

/**
 * What one user's uncertainty about the items of a catalogue is bounded by: {@code fᵀ C f} of an item whose varying features q have a given
 * norm is at most {@code λ‖q‖² + 2b‖q‖ + s}.
 *
 * @param lambda no eigenvalue of the varying part of C is above it
 * @param cross b, the norm of C's product with the constant features, in the varying dimensions
 * @param constant s, what the constant features alone make
 */
public record WidthBound(double lambda, double cross, double constant) {
    /** Of the rounding of all sums that go into a bound, and then some. */
    private static final double SLACK = 1 + 1e-6;

    /** Beyond which products in float might be no numbers. */
    private static final double LARGEST = 1e9;

    /** What is added where products in float may be too small for it. */
    private static final float LEAST = 1e-18f;

    /**
     * @param varying the dimensions in which items differ
     * @param constant the others
     * @param constants the features of all items in those
     */
    static WidthBound of(RidgeLearner learner, int[] varying, int[] constant, float[] constants) {
        double[] covariance = learner.covariance();
        double[] fixed = new double[learner.dimension()];
        for (int c = 0; c < constant.length; c++) {
            fixed[constant[c]] = constants[c];
        }
        double[] ofFixed = new double[fixed.length];
        PackedSymmetric.multiply(covariance, fixed, ofFixed);
        double own = 0;
        for (int c : constant) {
            own += fixed[c] * ofFixed[c];
        }
        double cross = 0;
        double[] ofVarying = new double[PackedSymmetric.length(varying.length)];
        for (int i = 0, k = 0; i < varying.length; i++) {
            cross += ofFixed[varying[i]] * ofFixed[varying[i]];
            for (int j = 0; j <= i; j++) {
                ofVarying[k++] = covariance[PackedSymmetric.index(varying[i], varying[j])];
            }
        }
        return new WidthBound(LargestEigenvalue.bound(ofVarying, varying.length), Math.sqrt(cross), Math.max(0, own));
    }

    /** At least {@code √(fᵀ C f)} of any item within the bounds. */
    double atMost(IndexedBlock.Bounds bounds) {
        double norm = bounds.norm();
        return SLACK * Math.min(bounds.priorWidth(), Math.sqrt((lambda * norm + 2 * cross) * norm + constant));
    }

    /** Whether {@link #addTo} gives numbers. */
    boolean isOfFloat(IndexedBlock.Bounds bounds) {
        return lambda < LARGEST && cross < LARGEST && constant < LARGEST && bounds.norm() < LARGEST;
    }

    /** Adds α times as much to the sum of each row, in float and but for its rounding. */
    void addTo(float[] sums, IndexedBlock block, double alpha) {
        float a = (float) alpha + LEAST;
        float ofSquare = (float) lambda;
        float ofNorm = (float) (2 * cross);
        float ofNone = (float) constant + LEAST;
        float[] norms = block.norms();
        float[] priorWidths = block.priorWidths();
        for (int r = 0; r < norms.length; r++) {
            float own = (float) Math.sqrt((ofSquare * norms[r] + ofNorm) * norms[r] + ofNone);
            sums[r] += a * Math.min(priorWidths[r], own);
        }
    }
}
