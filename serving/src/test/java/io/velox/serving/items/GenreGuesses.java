package io.velox.serving.items;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemGuesses;
import io.velox.core.item.Metadata;
import io.velox.core.model.FeatureVector;
import java.util.Map;
import java.util.Optional;

/** Two factors and the constant, linear in the genres: each adds a vector of its own, and to the offset. */
public final class GenreGuesses implements ItemGuesses {
    public static final int DIMENSION = 3;

    private static final Map<String, double[]> EFFECTS = Map.of(
            "Comedy", new double[] {0.75, -0.25, 0.5},
            "Drama", new double[] {-0.5, 1.25, 0.25},
            "Horror", new double[] {0.25, 0.5, -1});

    @Override
    public Optional<FeatureVector> features(Metadata metadata) {
        double[] sum = new double[DIMENSION];
        for (String genre : metadata.values("genre")) {
            double[] effect = EFFECTS.getOrDefault(genre, new double[DIMENSION]);
            for (int i = 0; i < DIMENSION; i++) {
                sum[i] += effect[i];
            }
        }
        return Optional.of(new FeatureVector(new double[] {sum[0], sum[1], 1}, 3 + sum[2], 0.5));
    }

    /** As many ratings as there are, added to the offset. */
    @Override
    public Optional<FeatureVector> features(Metadata metadata, ItemEvidence evidence) {
        return features(metadata)
                .map(guess -> new FeatureVector(guess.values(), guess.offset() + evidence.count(), guess.noise() / 2));
    }
}
