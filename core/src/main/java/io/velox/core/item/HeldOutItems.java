package io.velox.core.item;

import io.velox.core.linalg.PackedSymmetric;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Items in {@value #FOLDS} parts, each of which is held out in its turn from a regression on the others. Confined to one thread. */
final class HeldOutItems {
    private static final int FOLDS = 5;

    private final int dimension;
    private final List<SparseInputs> inputs = new ArrayList<>();
    private final double[][] vectors;
    private final double[] weights;
    private final int[] folds;
    private final NormalEquations all;
    private final List<NormalEquations> rests = new ArrayList<>();

    HeldOutItems(List<TrainedItem> items, MetadataVocabulary vocabulary, int dimension, long seed) {
        this.dimension = dimension;
        this.vectors = items.stream().map(TrainedItem::vector).toArray(double[][]::new);
        double mean = items.stream().mapToLong(TrainedItem::ratings).average().orElseThrow();
        this.weights = items.stream().mapToDouble(item -> item.ratings() / mean).toArray();
        this.folds = folds(items.size(), seed);
        this.all = new NormalEquations(vocabulary.size(), dimension);
        for (int fold = 0; fold < FOLDS; fold++) {
            rests.add(new NormalEquations(vocabulary.size(), dimension));
        }
        for (int i = 0; i < items.size(); i++) {
            inputs.add(vocabulary.encode(items.get(i).metadata()));
            all.add(inputs.get(i), weights[i], vectors[i]);
            rests.get(folds[i]).add(inputs.get(i), -weights[i], vectors[i]);
        }
        rests.forEach(rest -> rest.add(all, 1));
    }

    /** Parts of the same size, which the seed alone chooses. */
    private static int[] folds(int n, long seed) {
        int[] folds = new int[n];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < n; i++) {
            int other = random.nextInt(i + 1);
            folds[i] = folds[other];
            folds[other] = i % FOLDS;
        }
        return folds;
    }

    NormalEquations all() {
        return all;
    }

    /** {@code Σ w e eᵀ/Σ w} over the errors e of the items, each from the regression on the parts without it; packed. */
    double[] scatter(double penalty) {
        List<double[][]> coefficients =
                rests.stream().map(rest -> rest.solve(penalty)).toList();
        double[] scatter = new double[PackedSymmetric.length(dimension)];
        for (int i = 0; i < vectors.length; i++) {
            double[][] rows = coefficients.get(folds[i]);
            double[] error = vectors[i].clone();
            SparseInputs x = inputs.get(i);
            for (int j = 0; j < dimension; j++) {
                error[j] -= rows[rows.length - 1][j];
                for (int k = 0; k < x.places().length; k++) {
                    error[j] -= x.values()[k] * rows[x.places()[k]][j];
                }
            }
            PackedSymmetric.addOuter(scatter, weights[i] / all.weight(), error);
        }
        return scatter;
    }

    /** {@code Σ w e eᵀ/Σ w} over what differs from the mean of all items; packed. */
    double[] scatterAboutMean() {
        double[] mean = all.mean();
        double[] scatter = new double[PackedSymmetric.length(dimension)];
        for (int i = 0; i < vectors.length; i++) {
            double[] distance = vectors[i].clone();
            for (int j = 0; j < dimension; j++) {
                distance[j] -= mean[j];
            }
            PackedSymmetric.addOuter(scatter, weights[i] / all.weight(), distance);
        }
        return scatter;
    }
}
