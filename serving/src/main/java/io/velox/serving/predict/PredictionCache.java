package io.velox.serving.predict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Ticker;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Predictions of one model, by version, user and item: bounded by bytes, and by an hour. A prediction is kept with the weights that it
 * was made with. It holds for whoever comes with the same weights, to the bit, whatever revision the user has meanwhile; with a
 * tolerance ε also for weights w' with {@code ‖w' − w‖·‖f‖ ≤ ε}, which by Cauchy and Schwarz bounds the difference of the scores. Safe
 * for use from any thread; nothing blocks.
 */
final class PredictionCache {
    /** Of an entry, beside the characters of user and item and the weights: objects' headers, references, counts. */
    private static final int BYTES_OF_ENTRY = 288;

    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Cache<Key, Prediction> predictions;
    private final Set<Integer> versions = ConcurrentHashMap.newKeySet();
    private final double tolerance;

    private record Key(int version, String uid, Item item) {}

    /** @param norm ‖f‖; 0 where it makes no difference */
    @SuppressWarnings("ArrayRecordComponent") // the array of the user's model, compared only as weights
    private record Prediction(double[] weights, double score, double norm) {}

    /**
     * @param maxBytes of all entries, each counted with weights of its own, though predictions of one revision share them
     * @param tolerance ε, in units of the label
     */
    PredictionCache(long maxBytes, double tolerance, Ticker ticker) {
        this.tolerance = tolerance;
        this.predictions = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, Prediction prediction) -> bytes(key, prediction))
                .expireAfterWrite(LIFETIME)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int bytes(Key key, Prediction prediction) {
        return BYTES_OF_ENTRY + key.uid.length() + key.item.text().length() + Double.BYTES * prediction.weights.length;
    }

    /** What the entries take in memory, at most and about. */
    long bytes() {
        return eviction().weightedSize().orElse(0);
    }

    /** Bounds the entries anew. */
    void resize(long maxBytes) {
        eviction().setMaximum(maxBytes);
    }

    private Policy.Eviction<Key, Prediction> eviction() {
        return predictions.policy().eviction().orElseThrow();
    }

    /** The score if it is here and holds; NaN else, which no score is. */
    double score(Answering answering, String uid, Item item) {
        Prediction known = predictions.getIfPresent(key(answering, uid, item));
        return known != null && holds(known, answering.weights()) ? known.score : Double.NaN;
    }

    private boolean holds(Prediction known, double[] weights) {
        return known.weights == weights
                || Arrays.equals(known.weights, weights)
                || (tolerance > 0 && distance(known.weights, weights) * known.norm <= tolerance);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /** Computes the score and keeps it; empty when the version does not know the item, of which nothing is kept. */
    OptionalDouble load(Answering answering, String uid, Item item, FeaturesAtHand features) {
        OptionalDouble score = answering.score(features, item);
        if (score.isPresent()) {
            double norm = tolerance > 0
                    ? features.features(item).map(PredictionCache::norm).orElse(0.0)
                    : 0;
            predictions.put(key(answering, uid, item), new Prediction(answering.weights(), score.getAsDouble(), norm));
            // After the put: what lands behind a pass over the entries is found by the next.
            versions.add(answering.id().version());
        }
        return score;
    }

    private static double norm(FeatureVector features) {
        double sum = 0;
        for (double value : features.values()) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static Key key(Answering answering, String uid, Item item) {
        return new Key(answering.id().version(), uid, item);
    }

    /** Forgets users. Takes a pass over all entries. */
    void removeUsers(Predicate<String> removed) {
        predictions.asMap().keySet().removeIf(key -> removed.test(key.uid));
    }

    /** Forgets what is over an hour old, and other versions than these, for which it takes a pass over all entries. */
    void keepOnly(IntPredicate kept) {
        predictions.cleanUp();
        if (versions.removeIf(version -> !kept.test(version))) {
            predictions.asMap().keySet().removeIf(key -> !kept.test(key.version));
        }
    }
}
