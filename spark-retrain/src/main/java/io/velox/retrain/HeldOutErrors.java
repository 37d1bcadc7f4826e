package io.velox.retrain;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums of squared errors over held-out ratings: of ridge weights under each of some noises, of ALS's own weights, and of the prior's
 * mean. Single writer.
 */
final class HeldOutErrors implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double regularization;
    private final double[] noises;
    private final double[] ridge;
    private double als;
    private double atPrior;
    private long ratings;

    private HeldOutErrors(double regularization, double... noises) {
        this.regularization = regularization;
        this.noises = noises.clone();
        this.ridge = new double[noises.length];
    }

    /** Of ridge weights and of the prior's mean. */
    static HeldOutErrors of(double... noises) {
        return new HeldOutErrors(0, noises);
    }

    /** Of ALS's own weights too. */
    static HeldOutErrors withAls(double regularization, double... noises) {
        return new HeldOutErrors(regularization, noises);
    }

    /** The same, with nothing judged yet. */
    HeldOutErrors fresh() {
        return new HeldOutErrors(regularization, noises);
    }

    /** Judges the held-out ratings of one user; those of items that training did not see are left out. */
    void add(HeldOutSplit.Parts user, ItemTable items, Prior prior) {
        UserRatings heldOut = user.heldOut();
        int[] judged = new int[heldOut.size()];
        int n = 0;
        for (int i = 0; i < heldOut.size(); i++) {
            if (items.has(heldOut.items()[i])) {
                judged[n++] = i;
            }
        }
        if (n == 0) {
            return;
        }
        UserRatings training = user.training();
        List<FeatureVector> features = new ArrayList<>();
        for (int item : training.items()) {
            features.add(items.features(item));
        }
        double[] offline = regularization > 0 ? OfflineWeights.ofAls(training, items, regularization) : prior.mean();
        double[] mean = prior.mean();
        RidgeLearner[] learners = new RidgeLearner[noises.length];
        for (int k = 0; k < noises.length; k++) {
            learners[k] = RidgeLearner.ofHistory(prior, noises[k], features, training.labels());
        }
        for (int j = 0; j < n; j++) {
            FeatureVector f = items.features(heldOut.items()[judged[j]]);
            double label = heldOut.labels()[judged[j]];
            als += square(label - f.score(offline));
            atPrior += square(label - f.score(mean));
            for (int k = 0; k < noises.length; k++) {
                ridge[k] += square(label - learners[k].predict(f));
            }
        }
        ratings += n;
    }

    void merge(HeldOutErrors other) {
        for (int k = 0; k < ridge.length; k++) {
            ridge[k] += other.ridge[k];
        }
        als += other.als;
        atPrior += other.atPrior;
        ratings += other.ratings;
    }

    long ratings() {
        return ratings;
    }

    /** The noise of least error; of equals the larger, which trusts single ratings less. */
    double bestNoise() {
        int best = 0;
        for (int k = 1; k < noises.length; k++) {
            if (ridge[k] <= ridge[best]) {
                best = k;
            }
        }
        return noises[best];
    }

    /** The root mean square error under the k-th noise; only where there are {@link #ratings}. */
    double rmseRidge(int k) {
        return Math.sqrt(ridge[k] / ratings);
    }

    /** Only {@link #withAls}. */
    double rmseAls() {
        return Math.sqrt(als / ratings);
    }

    double rmsePrior() {
        return Math.sqrt(atPrior / ratings);
    }

    private static double square(double x) {
        return x * x;
    }
}
