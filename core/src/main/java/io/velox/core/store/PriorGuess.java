package io.velox.core.store;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemGuess;
import io.velox.core.item.ItemGuesses;
import io.velox.core.item.Metadata;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.Optional;

/**
 * Takes every item for one of the version's {@link ItemPrior}, whatever is known of it but its ratings. Immutable.
 *
 * @param guess what an item without ratings is taken for
 * @param userMoments {@code E[z zᵀ]} over users, packed (see {@link ItemGuess#userMoments})
 */
@SuppressWarnings("ArrayRecordComponent") // one per version; never compared
public record PriorGuess(ItemGuess guess, double[] userMoments) implements ItemGuesses {
    /** The guess of a version; empty for one that no refresh can start from. */
    public static Optional<ItemGuesses> of(Manifest manifest) {
        return Optional.ofNullable(manifest.itemPrior())
                .map(prior -> new PriorGuess(guess(prior), ItemGuess.userMoments(manifest.prior())));
    }

    private static ItemGuess guess(ItemPrior prior) {
        double[] mean = prior.vector().mean();
        mean[mean.length - 1] += prior.globalMean(); // of the bias, an offset
        return new ItemGuess(Prior.gaussian(mean, prior.vector().packedCovariance()));
    }

    @Override
    public Optional<FeatureVector> features(Metadata metadata) {
        return Optional.of(guess.features(userMoments));
    }

    @Override
    public Optional<FeatureVector> features(Metadata metadata, ItemEvidence evidence) {
        return Optional.of(guess.improved(evidence).features(userMoments));
    }
}
