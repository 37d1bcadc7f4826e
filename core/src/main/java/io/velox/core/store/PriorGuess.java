package io.velox.core.store;

import io.velox.core.item.ItemGuesses;
import io.velox.core.item.Metadata;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.Optional;

/**
 * Takes every item for the mean of the version's {@link ItemPrior}, whatever is known of it: factor and bias are {@code N(m, S)}. Its noise is what
 * that leaves open of the score of a user of whom nothing is known either: {@code τ = E[vᵀSv]} over {@code v = [p, 1]}, with {@code p} the user's
 * factor under the version's prior.
 */
public record PriorGuess(FeatureVector features) implements ItemGuesses {
    /** The guess of a version; empty for one that no refresh can start from. */
    public static Optional<ItemGuesses> of(Manifest manifest) {
        return Optional.ofNullable(manifest.itemPrior())
                .map(prior -> new PriorGuess(features(prior, manifest.prior())));
    }

    private static FeatureVector features(ItemPrior prior, Prior users) {
        double[] mean = prior.vector().mean();
        int bias = mean.length - 1;
        double[] features = mean.clone();
        features[bias] = 1;
        return new FeatureVector(features, prior.globalMean() + mean[bias], openVariance(prior.vector(), users));
    }

    private static double openVariance(Prior items, Prior users) {
        int d = items.dimension();
        double[] covariance = items.packedCovariance();
        double[] user = users.mean();
        user[d - 1] = 1;
        double variance = PackedSymmetric.quadratic(covariance, user);
        double[] ofUsers = users.packedCovariance();
        for (int i = 0; i < d - 1; i++) {
            for (int j = 0; j < d - 1; j++) {
                int ij = PackedSymmetric.index(i, j);
                variance += covariance[ij] * ofUsers[ij];
            }
        }
        return variance;
    }

    @Override
    public Optional<FeatureVector> features(Metadata metadata) {
        return Optional.of(features);
    }
}
