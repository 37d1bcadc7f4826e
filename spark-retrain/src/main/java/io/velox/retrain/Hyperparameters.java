package io.velox.retrain;

import io.velox.core.model.PriorKind;
import java.io.Serializable;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training is told.
 *
 * @param rank length of the item factors, 1 to 1000
 * @param regularization λ in Spark's convention: scaled by each user's (item's) number of ratings
 * @param iterations rounds of alternating least squares, 1 to 1000
 * @param itemBias whether global mean, item and user biases are subtracted first; the former two become the items' offsets
 * @param heldOut the share of ratings that judges the version, 0.01 to 0.5
 * @param polish how many variational passes follow at most, 0 to 100
 * @param seed of the factors' start and of the choice of held-out ratings
 */
record Hyperparameters(
        int rank,
        double regularization,
        int iterations,
        boolean itemBias,
        int polish,
        PriorKind prior,
        double heldOut,
        long seed)
        implements Serializable {
    Hyperparameters {
        within("--rank", rank, 1, 1000);
        within("--regularization", regularization, 1e-6, 1e6);
        within("--iterations", iterations, 1, 1000);
        within("--polish", polish, 0, 100);
        within("--held-out", heldOut, 0.01, 0.5);
    }

    /** d: the factors and the constant 1. */
    int dimension() {
        return rank + 1;
    }

    Hyperparameters withRank(int other) {
        return new Hyperparameters(other, regularization, iterations, itemBias, polish, prior, heldOut, seed);
    }

    /** Which ratings judge. */
    HeldOutSplit split() {
        return new HeldOutSplit(heldOut, seed);
    }

    /** As a manifest says it. */
    SortedMap<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("rank", Integer.toString(rank));
        text.put("regularization", Double.toString(regularization));
        text.put("iterations", Integer.toString(iterations));
        text.put("itemBias", Boolean.toString(itemBias));
        text.put("polish", Integer.toString(polish));
        text.put("prior", prior.name().toLowerCase(Locale.ROOT));
        text.put("heldOut", Double.toString(heldOut));
        text.put("seed", Long.toString(seed));
        return text;
    }

    private static void within(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    option + " must be from " + text(least) + " to " + text(most) + ", but got " + text(value));
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
