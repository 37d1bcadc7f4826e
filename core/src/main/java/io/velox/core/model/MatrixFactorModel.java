package io.velox.core.model;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.Optional;

/** Matrix factorisation: θ is the table of item factors, each with a constant 1 appended for the user's own bias. */
public record MatrixFactorModel(ModelVersion id, FactorTable factors, Prior prior, double noise, Repeat repeat)
        implements VeloxModel {
    public MatrixFactorModel {
        if (factors.dimension() != prior.dimension()) {
            throw new VeloxException(
                    ErrorCode.CORRUPT_MODEL,
                    id + " has factors of dimension " + factors.dimension() + ", but a prior of dimension "
                            + prior.dimension());
        }
    }

    /** A model that learns the last observation of each item. */
    public MatrixFactorModel(ModelVersion id, FactorTable factors, Prior prior, double noise) {
        this(id, factors, prior, noise, Repeat.REPLACE);
    }

    @Override
    public int dimension() {
        return factors.dimension();
    }

    @Override
    public boolean isMaterialized() {
        return true;
    }

    @Override
    public Optional<FeatureVector> features(Item item) {
        int row = item.isId() ? factors.row(item.text()) : -1;
        return row < 0 ? Optional.empty() : Optional.of(factors.features(row));
    }

    @Override
    public void check(Item item) {
        checkIsId(id, item);
    }

    /**
     * Checks that an item has the form that matrix factorisation is made for.
     *
     * @throws VeloxException {@code INVALID_ITEM}
     */
    public static void checkIsId(ModelVersion version, Item item) {
        if (!item.isId()) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_ITEM,
                    "item",
                    "item must be an id for model " + version.model() + ", but got data: " + item);
        }
    }
}
