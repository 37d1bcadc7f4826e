package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorRow;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import java.util.Optional;
import java.util.Set;

/** Matrix factorisation whose item factors stay in the store: {@link #features} reads a row there, and so blocks. */
public record StoredFactorModel(ModelVersion id, StoredTable factors, Prior prior, double noise, Repeat repeat)
        implements VeloxModel {
    public StoredFactorModel {
        if (factors.dimension() != prior.dimension()) {
            throw new VeloxException(
                    ErrorCode.CORRUPT_MODEL,
                    id + " has factors of dimension " + factors.dimension() + ", but a prior of dimension "
                            + prior.dimension());
        }
    }

    @Override
    public int dimension() {
        return factors.dimension();
    }

    @Override
    public boolean isMaterialized() {
        return true;
    }

    /**
     * Blocks.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}, {@code CORRUPT_MODEL}
     */
    @Override
    public Optional<FeatureVector> features(Item item) {
        return item.isId()
                ? Optional.ofNullable(factors.find(Set.of(item.text())).get(item.text()))
                        .map(FactorRow::vector)
                : Optional.empty();
    }

    @Override
    public void check(Item item) {
        MatrixFactorModel.checkIsId(id, item);
    }
}
