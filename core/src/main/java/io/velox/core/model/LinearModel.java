package io.velox.core.model;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.Optional;

/** A computed model: the item is its own feature vector, so that there is nothing to train but the users. */
public record LinearModel(ModelVersion id, LinearInputs inputs, Prior prior, double noise, Repeat repeat)
        implements VeloxModel {
    public LinearModel {
        if (inputs.dimension() != prior.dimension()) {
            throw new VeloxException(
                    ErrorCode.CORRUPT_MODEL,
                    id + " has inputs of dimension " + inputs.dimension() + ", but a prior of dimension "
                            + prior.dimension());
        }
    }

    /** A model that learns the last observation of each item. */
    public LinearModel(ModelVersion id, LinearInputs inputs, Prior prior, double noise) {
        this(id, inputs, prior, noise, Repeat.REPLACE);
    }

    @Override
    public int dimension() {
        return inputs.dimension();
    }

    @Override
    public boolean isMaterialized() {
        return false;
    }

    @Override
    public Optional<FeatureVector> features(Item item) {
        return inputs.vectorIfValid(item).map(vector -> new FeatureVector(vector, 0, 0));
    }

    @Override
    public void check(Item item) {
        inputs.vector(item);
    }
}
