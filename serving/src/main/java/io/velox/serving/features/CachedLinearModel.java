package io.velox.serving.features;

import io.velox.core.error.VeloxException;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import java.util.Optional;

/** A computed model that looks whether an item was computed before; its features have the same bits. Immutable but for the cache. */
record CachedLinearModel(LinearModel model, ComputedFeatureCache cache, int inputs) implements VeloxModel {
    @Override
    public ModelVersion id() {
        return model.id();
    }

    @Override
    public int dimension() {
        return model.dimension();
    }

    @Override
    public boolean isMaterialized() {
        return false;
    }

    @Override
    public Optional<FeatureVector> features(Item item) {
        if (item.isId()) {
            return Optional.empty();
        }
        FeatureVector known = cache.ifPresent(inputs, item.text());
        if (known != null) {
            return Optional.of(known);
        }
        try {
            return Optional.of(computed(item));
        } catch (VeloxException e) {
            return Optional.empty();
        }
    }

    /** Keeps the features of an item that is in order, which is about to be scored. */
    @Override
    public void check(Item item) {
        if (item.isId() || cache.ifPresent(inputs, item.text()) == null) {
            var unused = computed(item);
        }
    }

    private FeatureVector computed(Item item) {
        return cache.load(
                inputs, item.text(), () -> new FeatureVector(model.inputs().vector(item), 0, 0));
    }

    @Override
    public Prior prior() {
        return model.prior();
    }

    @Override
    public double noise() {
        return model.noise();
    }

    @Override
    public Repeat repeat() {
        return model.repeat();
    }

    @Override
    public double loss(double label, double prediction) {
        return model.loss(label, prediction);
    }
}
