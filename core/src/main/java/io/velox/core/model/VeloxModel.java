package io.velox.core.model;

import java.util.Optional;

/**
 * One version of a model: {@code ŷ(u,x) = o(x) + w_uᵀ f(x,θ)}, with the shared state θ inside and the users' weights outside.
 *
 * <p>Immutable and safe for use from any thread. Retraining, the paper's {@code retrain}, belongs to the training application.
 *
 * <p>Source: Crankshaw et al. 2015, Listing 2.
 */
public interface VeloxModel {
    /** Name and version. */
    ModelVersion id();

    /** The length d of features and weights. */
    int dimension();

    /** True when features are looked up in a table of known items; false when they are computed from the item. */
    boolean isMaterialized();

    /** The features of an item; empty when this version does not know the item, or no version ever could ({@link #check}). */
    Optional<FeatureVector> features(Item item);

    /**
     * Checks that an item is of the form that this model is made for, whether known or not.
     *
     * @throws io.velox.core.error.VeloxException {@code INVALID_ITEM}, saying what form is wanted
     */
    void check(Item item);

    /** The distribution that users' weights start from. */
    Prior prior();

    /** The noise variance σ². */
    double noise();

    /** What becomes of an earlier observation of the same item. */
    Repeat repeat();

    /** The loss of a prediction: the squared error unless a model says otherwise. */
    default double loss(double label, double prediction) {
        double error = label - prediction;
        return error * error;
    }
}
