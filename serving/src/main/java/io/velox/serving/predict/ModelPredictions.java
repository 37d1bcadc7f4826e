package io.velox.serving.predict;

import com.github.benmanes.caffeine.cache.Ticker;
import io.velox.core.config.PredictionCaching;
import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The predictions of one model that are kept, of all users or of those for whom that is tried. Safe for use from any thread; nothing
 * blocks.
 *
 * <p>With {@code auto}, users are divided by their ids: one group of {@value #GROUPS} is always served through the cache, one never, and the
 * rest as {@link AdaptivePolicy} says by what it measures of the two. While it says no, the cache has as small a share of its bytes as of
 * the users, so that its hit rate is that of the whole.
 */
final class ModelPredictions {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPredictions.class);

    private static final int GROUPS = 32;
    private static final int GROUP_BITS = 5;
    private static final int ALWAYS_CACHED = 0;
    private static final int NEVER_CACHED = 1;

    private final String model;
    private final boolean isAdaptive;
    private final long maxBytes;
    private final PredictionCache cache;
    private final AdaptivePolicy policy = new AdaptivePolicy();
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadNanos = new LongAdder();

    ModelPredictions(String model, PredictionCaching caching, long maxBytes, double tolerance, Ticker ticker) {
        this.model = model;
        this.isAdaptive = caching == PredictionCaching.AUTO;
        this.maxBytes = maxBytes;
        this.cache = new PredictionCache(isAdaptive ? maxBytes / GROUPS : maxBytes, tolerance, ticker);
    }

    /** What was found of some items: the score of each, or NaN where there is none, and those without. */
    @SuppressWarnings("ArrayRecordComponent") // from the lookup to the answer
    record Found(double[] scores, List<Item> missing) {}

    /** Whether predictions are kept of all users, but for those of the group that never has any. */
    boolean isOn() {
        return !isAdaptive || policy.isOn();
    }

    boolean usesCache(String uid) {
        if (!isAdaptive) {
            return true;
        }
        int group = group(uid);
        return group == ALWAYS_CACHED || (group != NEVER_CACHED && policy.isOn());
    }

    /** Whether the user is of one of the two groups that are compared. */
    boolean isMeasured(String uid) {
        return isAdaptive && group(uid) <= NEVER_CACHED;
    }

    private static int group(String uid) {
        // Ids that were counted up differ in their last bits, which multiplication carries to the first.
        return (uid.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - GROUP_BITS);
    }

    /** A request of a user who is measured has taken so long. */
    void took(String uid, long nanos) {
        if (policy.took(group(uid) == ALWAYS_CACHED, nanos)) {
            LOG.info(
                    "predictions of {} are {}: a request takes {} us through the cache, and {} us when they are computed",
                    model,
                    policy.isOn() ? "kept" : "no longer kept",
                    Math.round(policy.cachedNanos()) / 1e3,
                    Math.round(policy.computedNanos()) / 1e3);
            cache.resize(policy.isOn() ? maxBytes : maxBytes / GROUPS);
            if (!policy.isOn()) {
                cache.removeUsers(user -> group(user) != ALWAYS_CACHED);
            }
        }
    }

    /** Looks items up, for a user who {@link #usesCache}. */
    Found find(Answering answering, String uid, List<Item> items) {
        double[] scores = new double[items.size()];
        List<Item> missing = List.of();
        for (int i = 0; i < scores.length; i++) {
            Item item = items.get(i);
            scores[i] = cache.score(answering, uid, item);
            if (Double.isNaN(scores[i])) {
                if (missing.isEmpty()) {
                    missing = new ArrayList<>();
                }
                missing.add(item);
            }
        }
        hits.add(scores.length - missing.size());
        misses.add(missing.size());
        return new Found(scores, missing);
    }

    /** The answer, when nothing is missing. */
    static Scoring scoring(List<Item> items, Found found) {
        List<ScoredItem> scored = new ArrayList<>(items.size());
        for (int i = 0; i < found.scores.length; i++) {
            scored.add(new ScoredItem(items.get(i), found.scores[i]));
        }
        return new Scoring(scored, List.of());
    }

    /** The answer, with what was missing computed, and kept where the version knows the item. */
    Scoring complete(Answering answering, String uid, List<Item> items, Found found, FeaturesAtHand features) {
        List<ScoredItem> scored = new ArrayList<>(items.size());
        List<Item> unknown = new ArrayList<>();
        for (int i = 0; i < found.scores.length; i++) {
            Item item = items.get(i);
            if (!Double.isNaN(found.scores[i])) {
                scored.add(new ScoredItem(item, found.scores[i]));
                continue;
            }
            boolean isProvisional = features.isProvisional(item);
            // What a version guesses of an item changes, whatever the user does: it is not kept.
            OptionalDouble score =
                    isProvisional ? answering.score(features, item) : cache.load(answering, uid, item, features);
            if (score.isPresent()) {
                scored.add(new ScoredItem(item, score.getAsDouble(), isProvisional));
            } else {
                unknown.add(item);
            }
        }
        return new Scoring(scored, unknown);
    }

    /** What was missing of a request is here, after so long. */
    void loaded(long nanos) {
        loads.increment();
        loadNanos.add(nanos);
    }

    long bytes() {
        return cache.bytes();
    }

    double cachedNanos() {
        return policy.cachedNanos();
    }

    double computedNanos() {
        return policy.computedNanos();
    }

    /** Forgets what is old, and other versions than these. */
    void keepOnly(IntPredicate versions) {
        cache.keepOnly(versions);
    }
}
