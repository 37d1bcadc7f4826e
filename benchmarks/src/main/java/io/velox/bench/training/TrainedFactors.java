package io.velox.bench.training;

import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.core.model.FactorTable;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Items and users as a training on real ratings leaves them.
 *
 * @param model of dimension d, with the constant 1 last
 * @param users weights of length d
 */
public record TrainedFactors(KnownRatings ratings, Manifest manifest, MatrixFactorModel model, List<double[]> users) {
    /** By how much, relatively, a feature of an item that is drawn again differs from the one that it was drawn from. */
    private static final double JITTER = 0.05;

    public TrainedFactors {
        users = List.copyOf(users);
    }

    /** Trains on all ratings of a set. */
    public static TrainedFactors train(String name, int rank, long seed, Setting setting) throws Exception {
        KnownRatings ratings = KnownRatings.named(name, setting).ofRank(rank);
        return train(ratings, Set.of(), seed, setting);
    }

    /** Trains on the ratings of all users of a set but some. */
    public static TrainedFactors train(KnownRatings ratings, Set<Integer> hidden, long seed, Setting setting)
            throws Exception {
        ImportedArchive archive = ImportedArchive.of(
                setting,
                Files.createTempDirectory(setting.scratch(), "trained"),
                ratings.table(),
                List.of(ratings.table().rowsWithout(hidden)));
        Manifest manifest = new TrainingProcess(setting, archive.store(), ratings)
                .train(archive.cuts().get(0), seed)
                .manifest();
        try (ModelStore store = ModelStore.open(archive.store(), Map.of())) {
            MatrixFactorModel model = (MatrixFactorModel) store.open(manifest);
            List<double[]> users = new ArrayList<>();
            store.readUsers(manifest, (uid, weights, offset, noise) -> users.add(doubles(weights)));
            return new TrainedFactors(ratings, manifest, model, users);
        }
    }

    public FactorTable items() {
        return model.factors();
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /** A catalogue of any size with the distribution of the trained one: items drawn from it again and again, each a little different. */
    public FactorTable resampled(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FactorTable items = items();
        int d = items.dimension();
        FactorTable.Builder table = new FactorTable.Builder(d);
        for (int i = 0; i < n; i++) {
            int row = random.nextInt(items.size());
            double[] drawn = items.features(row).values();
            float[] features = new float[d];
            for (int j = 0; j < d - 1; j++) {
                features[j] = (float) (drawn[j] * (1 + JITTER * random.nextGaussian()));
            }
            features[d - 1] = 1;
            table.add(Integer.toString(i), features, (float) items.features(row).offset(), 0);
        }
        return table.build();
    }
}
