package io.velox.bench.data;

import io.velox.bench.Setting;
import io.velox.bench.report.Dataset;
import io.velox.standalone.demo.DataSet;
import io.velox.standalone.demo.DataSets;
import io.velox.standalone.demo.SyntheticDataSet;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ratings of a data set, with the settings of training that suit them.
 *
 * @param training by which keys of the model {@code als} are set, as spark-retrain's README found them best
 */
public record KnownRatings(Dataset dataset, RatingTable table, Training training) {
    /** MovieLens 1M, the half of it that may be had here. */
    public static final String ML_1M_HALF = "ml-1m-users-1-2999";

    /** The small set of MovieLens. */
    public static final String ML_SMALL = "ml-latest-small";

    private static final int RANK = 20;

    /** What a training is given. */
    public record Training(int rank, double regularization, boolean itemBias) {
        /** The same as VELOX_* variables. */
        public Map<String, String> asSettings() {
            return new TreeMap<>(Map.of(
                    "VELOX_MODELS_ALS_RANK", Integer.toString(rank),
                    "VELOX_MODELS_ALS_REGULARIZATION", Double.toString(regularization),
                    "VELOX_MODELS_ALS_ITEM_BIAS", Boolean.toString(itemBias)));
        }
    }

    /** Finds a set of MovieLens where the demonstration does. */
    public static DataSet find(String name, Setting setting) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        DataSet found = DataSets.named(
                name,
                setting.scratch().resolve("datasets"),
                setting.environment(),
                new PrintStream(said, true, StandardCharsets.UTF_8));
        said.toString(StandardCharsets.UTF_8).lines().map(String::strip).forEach(setting::say);
        return found;
    }

    /** The ratings of a set that {@link #find} finds. */
    public static KnownRatings named(String name, Setting setting) {
        DataSet found = find(name, setting);
        RatingTable table = RatingTable.of(found);
        return new KnownRatings(
                new Dataset(name, found.sha256().orElseGet(table::sha256), table.size()),
                table,
                name.equals(ML_SMALL) ? new Training(RANK, 0.15, true) : new Training(RANK, 0.1, false));
    }

    /** The same, trained with another rank. */
    public KnownRatings ofRank(int rank) {
        return new KnownRatings(dataset, table, new Training(rank, training.regularization(), training.itemBias()));
    }

    /** The same, trained with biases as the items' offsets. */
    public KnownRatings withItemBias() {
        return new KnownRatings(dataset, table, new Training(training.rank(), training.regularization(), true));
    }

    /** The synthetic set; 1 is as large as MovieLens 10M. */
    public static KnownRatings synthetic(double scale, long seed) {
        RatingTable table = RatingTable.of(new SyntheticDataSet(scale, seed));
        return new KnownRatings(
                new Dataset("synthetic, scale " + scale, table.sha256(), table.size()),
                table,
                new Training(RANK, 0.1, false));
    }
}
