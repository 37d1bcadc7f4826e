package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.store.ItemPrior;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.util.Optional;

/**
 * The version that a training is compared with, or that a refresh starts from.
 *
 * @param address of its manifest
 */
record LiveVersion(String address, Manifest manifest) {
    /**
     * Reads its manifest.
     *
     * @param model that it must be a version of
     * @throws VeloxException if it is none, or cannot be read
     */
    static LiveVersion read(ModelStore store, String address, String model) {
        Manifest manifest = store.readManifest(address);
        if (!manifest.model().equals(model)) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    address + " is a version of " + manifest.model() + ", but the one to make is of " + model);
        }
        return new LiveVersion(address, manifest);
    }

    /**
     * What it takes items for that it does not know.
     *
     * @throws VeloxException if it has no posteriors of its items either, from which a refresh could start
     */
    ItemPrior itemPrior() {
        ItemPrior prior = manifest.itemPrior();
        if (prior == null) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    manifest.id() + " cannot be refreshed: it has no posteriors of its items, because it was trained"
                            + " without a polish or by an older build; train in full, with --polish of at least 1");
        }
        return prior;
    }

    /** What it saw of the log of the given epoch; empty if that cannot be said. */
    Optional<LogCut> seen(int epoch) {
        return Optional.ofNullable(manifest.cut()).filter(cut -> cut.epoch() == epoch);
    }

    /** Its items, by the indexes of a dictionary; those that are not in it are left out. */
    ItemTable items(ModelStore store, ItemDictionary dictionary) {
        if (!(store.open(manifest) instanceof MatrixFactorModel model)) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST, manifest.id() + " is no matrix factorisation, and cannot be compared");
        }
        FactorTable factors = model.factors();
        int rank = manifest.dimension() - 1;
        float[] offsets = new float[dictionary.size()];
        ItemTable items = new ItemTable(rank, new Offsets(offsets, false));
        for (int item = 0; item < dictionary.size(); item++) {
            int row = factors.row(dictionary.id(item));
            if (row >= 0) {
                FeatureVector features = factors.features(row);
                if (features.values()[rank] != 1) {
                    throw new VeloxException(
                            ErrorCode.INVALID_REQUEST,
                            manifest.id() + " has items whose last feature is not 1, and cannot be compared");
                }
                offsets[item] = (float) features.offset();
                items.put(item, floats(features.values(), rank), (float) features.noise());
            }
        }
        return items;
    }

    private static float[] floats(double[] values, int length) {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
