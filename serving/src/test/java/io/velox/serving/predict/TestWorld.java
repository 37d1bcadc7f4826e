package io.velox.serving.predict;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.learn.LossStatistics;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.core.store.StoredFile;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.lifecycle.LoadedVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small world: {@code als} with version 1 retired, 2 standby, 3 active, 4 rejected, over 60 items of which some tie; {@code lin},
 * which computes features from two numbers; {@code bare}, declared and without a version.
 */
public final class TestWorld {
    public static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    public static final int ITEMS = 60;
    public static final String STRANGE_ITEM = "ключ/%2F ..?#日本";
    public static final ModelVersion ALS_2 = new ModelVersion("als", 2);
    public static final ModelVersion ALS_3 = new ModelVersion("als", 3);
    public static final ModelVersion LIN_1 = new ModelVersion("lin", 1);

    private TestWorld() {}

    public static SortedMap<String, ModelConfiguration> declared() {
        SortedMap<String, ModelConfiguration> declared = new TreeMap<>();
        declared.put("als", new ModelConfiguration.Als(2, 0.1, 5, true, PriorKind.MEAN));
        declared.put("bare", new ModelConfiguration.Als(2, 0.1, 5, true, PriorKind.MEAN));
        declared.put("lin", new ModelConfiguration.Linear(2, List.of(), true, 1, 0.5));
        return declared;
    }

    public static SortedMap<String, CatalogueEntry> catalogue() {
        CatalogueEntry als = CatalogueEntry.of("als", ModelKind.ALS)
                .with(version(1, VersionState.RETIRED, ""))
                .with(version(2, VersionState.STANDBY, ""))
                .with(version(3, VersionState.ACTIVE, ""))
                .with(version(4, VersionState.REJECTED, "a checksum is wrong"));
        CatalogueEntry lin = CatalogueEntry.of("lin", ModelKind.LINEAR).with(version(1, VersionState.ACTIVE, ""));
        return new TreeMap<>(Map.of("als", als, "lin", lin));
    }

    public static CatalogueEntry.Version version(int version, VersionState state, String reason) {
        return new CatalogueEntry.Version(
                version,
                state,
                "models/m/" + version,
                NOW,
                state == VersionState.ACTIVE ? NOW : null,
                reason.isEmpty() ? null : reason);
    }

    public static Map<ModelVersion, LoadedVersion> loaded() {
        return Map.of(
                ALS_2, loaded(als(ALS_2)),
                ALS_3, loaded(als(ALS_3)),
                LIN_1, loaded(new LinearModel(LIN_1, LinearInputs.array(2), Prior.zero(3, 2), 0.5)));
    }

    /** Two factors and the constant; items 1 to 60, where 20 to 39 are alike, and one with a strange name. */
    public static MatrixFactorModel als(ModelVersion id) {
        FactorTable.Builder table = new FactorTable.Builder(3);
        for (int i = 1; i <= ITEMS; i++) {
            boolean isTied = i >= 20 && i < 40;
            float x = isTied ? 0.5f : (float) Math.sin(i * id.version());
            float y = isTied ? 0.25f : (float) Math.cos(i * 1.7);
            table.add(Integer.toString(i), new float[] {x, y, 1}, isTied ? 3 : 3 + i % 3 * 0.1f, 0.1f);
        }
        table.add(STRANGE_ITEM, new float[] {0.1f, 0.2f, 1}, 3, 0.1f);
        return new MatrixFactorModel(id, table.build(), Prior.mean(new double[] {0.1, -0.2, 0.05}, 1), 0.6);
    }

    public static LoadedVersion loaded(VeloxModel model) {
        return new LoadedVersion(manifest(model.id(), model), model);
    }

    public static Manifest manifest(ModelVersion id, VeloxModel model) {
        boolean isLinear = model instanceof LinearModel;
        return new Manifest(
                Manifest.FORMAT,
                id.model(),
                id.version(),
                isLinear ? ModelKind.LINEAR : ModelKind.ALS,
                model.dimension(),
                model.prior(),
                model.noise(),
                model instanceof LinearModel linear ? linear.inputs() : null,
                new TreeMap<>(Map.of("heldOutRmse", 0.9)),
                new TreeMap<>(Map.of("rank", "2")),
                NOW,
                null,
                new TreeMap<>(Map.of("ratings", 1000L)),
                List.of(new StoredFile("items/part-0", 10, "ab")));
    }

    /** A user with the given weights and {@code historySize} observations, at offset 41 of partition 2. */
    public static UserModel user(String uid, int historySize, UserWeights... weights) {
        return new UserModel(uid, new Revision(0, 2, 41), historySize, false, List.of(weights));
    }

    public static UserWeights weights(ModelVersion version, int observations, double... weights) {
        return new UserWeights(version, weights, observations, new LossStatistics(observations, 0.5 * observations));
    }

    public static HistoryEntry rated(long offset, String item, double label) {
        return new HistoryEntry(offset, Item.ofId(item), label, NOW, null);
    }
}
