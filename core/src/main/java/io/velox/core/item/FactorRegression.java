package io.velox.core.item;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.linalg.UdFactor;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.Optional;

/**
 * Factor and offset of an item from its metadata: {@code v = b₀ + Bᵀx + e}, {@code e ~ N(0, R)}, as a training found them. Immutable.
 *
 * <p>In JSON an object of these components.
 *
 * @param format of this object; a reader refuses newer ones
 * @param vocabulary which numbers x are
 * @param unknown what an item is taken for whose metadata say nothing here, of dimension d
 * @param intercept b₀, of length d
 * @param coefficients B: a row of length d for each input
 * @param residual R, packed (see {@link PackedSymmetric}): the residual covariance of items that were held out
 * @param userMoments {@code E[z zᵀ]} over users, packed (see {@link ItemGuess#userMoments})
 */
@SuppressWarnings("ArrayRecordComponent") // one per version; never compared
public record FactorRegression(
        @JsonProperty(required = true) int format,
        @JsonProperty(required = true) MetadataVocabulary vocabulary,
        @JsonProperty(required = true) Prior unknown,
        @JsonProperty(required = true) double[] intercept,
        @JsonProperty(required = true) double[][] coefficients,
        @JsonProperty(required = true) double[] residual,
        @JsonProperty(required = true) double[] userMoments)
        implements ItemGuesses {
    public static final int FORMAT = 1;

    /** Takes ownership of the arrays. */
    public FactorRegression {
        requireNonNull(vocabulary, "vocabulary");
        int d = unknown.dimension();
        if (format < 1 || format > FORMAT) {
            throw new IllegalArgumentException("format must be from 1 to " + FORMAT + ", but is " + format);
        }
        checkFinite("intercept", intercept, d);
        checkFinite("residual", residual, PackedSymmetric.length(d));
        checkFinite("userMoments", userMoments, PackedSymmetric.length(d));
        if (coefficients.length != vocabulary.size()) {
            throw new IllegalArgumentException("coefficients must have a row for each of " + vocabulary.size()
                    + " inputs, but have " + coefficients.length);
        }
        for (double[] row : coefficients) {
            checkFinite("coefficients", row, d);
        }
        var unused = UdFactor.of(residual, d); // refuses what is no covariance
    }

    private static void checkFinite(String name, double[] values, int length) {
        if (values.length != length) {
            throw new IllegalArgumentException(name + " must have length " + length + ", but has " + values.length);
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " must be finite, but holds " + value);
            }
        }
    }

    /** d, the length of features and weights. */
    public int dimension() {
        return intercept.length;
    }

    /** What an item is taken for of which these metadata, and no ratings, are known. */
    public ItemGuess guess(Metadata metadata) {
        SparseInputs x = vocabulary.encode(metadata);
        if (x.places().length == 0 && !vocabulary.hasKnownField(metadata)) {
            return new ItemGuess(unknown);
        }
        double[] mean = intercept.clone();
        for (int i = 0; i < x.places().length; i++) {
            double[] row = coefficients[x.places()[i]];
            for (int j = 0; j < mean.length; j++) {
                mean[j] += x.values()[i] * row[j];
            }
        }
        return new ItemGuess(Prior.gaussian(mean, residual));
    }

    /** Never empty: where the metadata say nothing, those of an average item. */
    @Override
    public Optional<FeatureVector> features(Metadata metadata) {
        return Optional.of(guess(metadata).features(userMoments));
    }

    @Override
    public Optional<FeatureVector> features(Metadata metadata, ItemEvidence evidence) {
        return Optional.of(guess(metadata).improved(evidence).features(userMoments));
    }
}
