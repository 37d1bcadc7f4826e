package io.velox.retrain;

import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Trains versions of a MovieLens set for some seeds and prints what they measured: set, λ, item bias, first seed, last seed. */
final class PolishStudy {
    private PolishStudy() {}

    public static void main(String[] args) throws Exception {
        ArchiveFixture archive = new ArchiveFixture(4);
        MovieLens.read(MovieLens.find(args[0] + ".zip").orElseThrow())
                .forEach(rating -> archive.rate(rating.uid(), rating.item(), rating.label()));
        Path folder = Files.createTempDirectory("polish-study");
        archive.writeTo(folder);
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            for (int seed = Integer.parseInt(args[3]); seed <= Integer.parseInt(args[4]); seed++) {
                Hyperparameters given = new Hyperparameters(
                        20,
                        Double.parseDouble(args[1]),
                        10,
                        Boolean.parseBoolean(args[2]),
                        10,
                        PriorKind.GAUSSIAN,
                        0.1,
                        seed);
                Arguments arguments = new Arguments(
                        folder.toUri(),
                        Map.of(),
                        new ModelVersion("als", seed),
                        archive.cut(),
                        given,
                        Optional.empty(),
                        Optional.empty(),
                        Repeat.REPLACE,
                        Duration.ZERO,
                        false);
                System.out.println(args[0] + " λ " + args[1] + " bias " + args[2] + " seed " + seed + ": "
                        + new Training(spark, arguments, ModelStore.open(folder.toUri(), Map.of()))
                                .run()
                                .metrics());
            }
        }
    }
}
