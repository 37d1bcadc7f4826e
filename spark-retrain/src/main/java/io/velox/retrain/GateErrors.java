package io.velox.retrain;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * A candidate and the live version on the same ratings: held-out ones that neither has seen, of items that both know. The users' ridge
 * weights are learnt from their other ratings. Single writer.
 */
final class GateErrors implements Serializable {
    private static final long serialVersionUID = 1L;

    private double candidate;
    private double live;
    private long ratings;
    private long onlyCandidate;

    /**
     * The metrics that a gate decides by.
     *
     * @param parts whose new ratings are those that the live version has not seen
     */
    static SortedMap<String, Double> measure(JavaRDD<HeldOutSplit.Parts> parts, Served candidate, Served live) {
        GateErrors total = new GateErrors();
        parts.mapPartitions(users -> {
                    GateErrors errors = new GateErrors();
                    Side ofCandidate = Side.of(candidate);
                    Side ofLive = Side.of(live);
                    users.forEachRemaining(user -> errors.add(user.ofNew(), ofCandidate, ofLive));
                    return List.of(errors).iterator();
                })
                .collect()
                .forEach(total::merge);
        return total.metrics();
    }

    /** What one of the two answers with. */
    record Side(ItemTable items, Prior prior, double noise) {
        static Side of(Served served) {
            return new Side(
                    served.items().value(), served.prior(), served.noise().noise());
        }

        /** The ridge weights from those of the ratings whose items it knows. */
        RidgeLearner learner(UserRatings ratings) {
            boolean[] isKnown = new boolean[ratings.size()];
            for (int i = 0; i < isKnown.length; i++) {
                isKnown[i] = items.has(ratings.items()[i]);
            }
            UserRatings known = ratings.where(isKnown, true);
            List<FeatureVector> features = new ArrayList<>();
            for (int item : known.items()) {
                features.add(items.features(item));
            }
            return RidgeLearner.ofHistory(prior, noise, features, known.labels());
        }
    }

    /** Judges the held-out ratings of one user. */
    void add(HeldOutSplit.Parts user, Side ofCandidate, Side ofLive) {
        UserRatings heldOut = user.heldOut();
        if (heldOut.size() == 0) {
            return;
        }
        RidgeLearner candidateLearner = ofCandidate.learner(user.training());
        RidgeLearner liveLearner = ofLive.learner(user.training());
        for (int i = 0; i < heldOut.size(); i++) {
            int item = heldOut.items()[i];
            if (!ofCandidate.items.has(item)) {
                continue;
            }
            if (ofLive.items.has(item)) {
                double label = heldOut.labels()[i];
                candidate += square(label - candidateLearner.predict(ofCandidate.items.features(item)));
                live += square(label - liveLearner.predict(ofLive.items.features(item)));
                ratings++;
            } else {
                onlyCandidate++;
            }
        }
    }

    private void merge(GateErrors other) {
        candidate += other.candidate;
        live += other.live;
        ratings += other.ratings;
        onlyCandidate += other.onlyCandidate;
    }

    /** Root mean square errors only where there are ratings. */
    SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("gate.ratings", (double) ratings);
        metrics.put("gate.onlyCandidate", (double) onlyCandidate);
        if (ratings > 0) {
            metrics.put("gate.candidateRmse", Math.sqrt(candidate / ratings));
            metrics.put("gate.liveRmse", Math.sqrt(live / ratings));
        }
        return metrics;
    }

    private static double square(double x) {
        return x * x;
    }
}
