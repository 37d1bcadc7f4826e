package io.velox.job;

import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.FactorFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model store in a folder, into which models are written as a training would. */
public final class TestStore {
    private TestStore() {}

    public static ModelStore open(Path folder) {
        return ModelStore.open(folder.toUri(), Map.of());
    }

    /** Writes a version; returns the address of its manifest. */
    public static String write(ModelStore store, VeloxModel model) throws IOException {
        List<StoredFile> files = List.of();
        if (model instanceof MatrixFactorModel factors) {
            try (FactorFile.Writer part = store.createPart(model.id(), "items/part-00000")) {
                FactorTable table = factors.factors();
                for (int row = 0; row < table.size(); row++) {
                    FeatureVector f = table.features(row);
                    float[] values = new float[f.dimension()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) f.values()[i];
                    }
                    part.add(table.item(row), values, (float) f.offset(), (float) f.noise());
                }
            }
            files = store.describePart(model.id(), "items/part-00000");
        }
        store.writeManifest(manifest(model, files));
        return ModelStore.manifestAddress(model.id());
    }

    public static Manifest manifest(VeloxModel model, List<StoredFile> files) {
        return new Manifest(
                Manifest.FORMAT,
                model.id().model(),
                model.id().version(),
                model instanceof LinearModel ? ModelKind.LINEAR : ModelKind.ALS,
                model.dimension(),
                model.prior(),
                model.noise(),
                model instanceof LinearModel linear ? linear.inputs() : null,
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                model.repeat(),
                files);
    }
}
