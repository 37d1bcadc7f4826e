package io.velox.retrain;

import io.velox.core.log.LogCut;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.SparkSession;

/**
 * Trains versions of a MovieLens set for some seeds and prints what they measured: set, λ, item bias, first seed, last seed. For each
 * seed the ratings come in another order, and there are three versions: of the first four fifths, refreshed with the rest, and trained
 * anew on everything.
 */
final class PolishStudy {
    private PolishStudy() {}

    public static void main(String[] args) throws Exception {
        List<MovieLens.Rating> ratings =
                new ArrayList<>(MovieLens.read(MovieLens.find(args[0] + ".zip").orElseThrow()));
        try (SparkSession spark = LocalSpark.start()) {
            for (int seed = Integer.parseInt(args[3]); seed <= Integer.parseInt(args[4]); seed++) {
                Path folder = Files.createTempDirectory("polish-study");
                ArchiveFixture archive = new ArchiveFixture(4);
                Collections.shuffle(ratings, new Random(seed));
                int early = ratings.size() * 4 / 5;
                ratings.subList(0, early).forEach(rating -> archive.rate(rating.uid(), rating.item(), rating.label()));
                LogCut before = archive.cut();
                ratings.subList(early, ratings.size())
                        .forEach(rating -> archive.rate(rating.uid(), rating.item(), rating.label()));
                archive.writeTo(folder);
                Hyperparameters given = new Hyperparameters(
                        20,
                        Double.parseDouble(args[1]),
                        10,
                        Boolean.parseBoolean(args[2]),
                        10,
                        PriorKind.GAUSSIAN,
                        0.1,
                        seed);
                String first = "models/als/1/manifest.json";
                train(spark, folder, 1, before, given, Optional.empty(), Optional.empty());
                train(spark, folder, 2, archive.cut(), given, Optional.of(first), Optional.of(first));
                train(spark, folder, 3, archive.cut(), given, Optional.empty(), Optional.of(first));
            }
        }
    }

    private static void train(
            SparkSession spark,
            Path folder,
            int version,
            LogCut cut,
            Hyperparameters given,
            Optional<String> from,
            Optional<String> live)
            throws Exception {
        Arguments arguments = new Arguments(
                folder.toUri(),
                Map.of(),
                new ModelVersion("als", version),
                cut,
                given,
                List.of(),
                from,
                live,
                Optional.empty(),
                Repeat.REPLACE,
                Duration.ZERO,
                false);
        System.out.println("seed " + given.seed() + " version " + version + ": "
                + new Training(spark, arguments, ModelStore.open(folder.toUri(), Map.of()))
                        .run()
                        .metrics());
    }
}
