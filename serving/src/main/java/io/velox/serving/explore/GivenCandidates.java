package io.velox.serving.explore;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.TopK;
import io.velox.core.topk.UpperConfidence;
import io.velox.serving.features.FeaturesAtHand;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Items that a request gave.
 *
 * @param items those that the version knows and that may be shown, each once and in ascending order
 * @param features of the items
 * @param unknown those that the version does not know
 */
record GivenCandidates(List<Item> items, List<FeatureVector> features, List<Item> unknown) implements Candidates {
    static GivenCandidates of(Collection<Item> given, FeaturesAtHand atHand, Set<Item> excluded) {
        List<Item> items = new ArrayList<>();
        List<FeatureVector> features = new ArrayList<>();
        List<Item> unknown = new ArrayList<>();
        given.stream()
                .filter(item -> !excluded.contains(item))
                .distinct()
                .sorted()
                .forEach(item -> {
                    Optional<FeatureVector> known = atHand.features(item);
                    if (known.isPresent()) {
                        items.add(item);
                        features.add(known.get());
                    } else {
                        unknown.add(item);
                    }
                });
        return new GivenCandidates(items, features, unknown);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public BitSet excluded() {
        return new BitSet();
    }

    @Override
    public Ranking best(double[] weights, int k) {
        return best(k, f -> f.score(weights));
    }

    @Override
    public Ranking best(UpperConfidence bound, int k) {
        return best(k, bound::of);
    }

    private Ranking best(int k, ToDoubleFunction<FeatureVector> value) {
        TopK best = new TopK(Math.min(k, Math.max(1, size())));
        for (int row = 0; row < size(); row++) {
            best.offer(row, value.applyAsDouble(features.get(row)));
        }
        return best.drain();
    }

    @Override
    public Item item(int row) {
        return items.get(row);
    }

    @Override
    public double score(int row, double[] weights) {
        return features.get(row).score(weights);
    }
}
