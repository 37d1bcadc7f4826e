package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.item.FactorRegression;
import io.velox.core.item.Metadata;
import io.velox.core.log.LogCut;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredRegression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What versions learn from the metadata of their items. */
class ItemMetadataIT {
    private static final String FIRST = "models/als/1/manifest.json";
    private static final String FILE = "items/als.ndjson.gz";
    private static final int ITEMS = 40;

    private static SparkSession spark;

    @TempDir
    Path folder;

    private final Random random = new Random(29);
    private final ArchiveFixture log = new ArchiveFixture(3);

    @BeforeAll
    static void startSpark() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void fullTrainingAndRefreshKeepWhatMetadataSayOfItemsInTheVersion() throws Exception {
        rate(3000);
        LogCut before = log.cut();
        rate(500);
        log.writeTo(folder);
        writeMetadata();

        assertSaysWhatTasteIs(train(1, before, 5, Optional.empty(), Optional.of(FILE)));
        assertSaysWhatTasteIs(train(2, log.cut(), 5, Optional.of(FIRST), Optional.of(FILE)));
    }

    @Test
    void aTrainingWithoutAPolishSaysItToo() throws Exception {
        rate(3000);
        log.writeTo(folder);
        writeMetadata();
        assertSaysWhatTasteIs(train(1, log.cut(), 0, Optional.empty(), Optional.of(FILE)));
    }

    @Test
    void aVersionWithoutMetadataOrWithTooLittleHasNone() throws Exception {
        rate(1000);
        log.writeTo(folder);
        Files.createDirectories(folder.resolve("items"));
        Files.write(
                folder.resolve(FILE), ItemMetadataTest.gzip("{\"item\":\"i1\",\"metadata\":{\"genre\":[\"g0\"]}}\n"));
        Manifest without = train(1, log.cut(), 2, Optional.empty(), Optional.empty());
        Manifest withLittle = train(2, log.cut(), 2, Optional.empty(), Optional.of(FILE));
        for (Manifest manifest : List.of(without, withLittle)) {
            assertThat(StoredRegression.read(store(), manifest)).isEmpty();
            assertThat(manifest.metrics()).doesNotContainKey("metadataExplained");
        }
    }

    @Test
    void metadataThatCannotBeReadFailTheTrainingBeforeItBegins() throws Exception {
        rate(100);
        log.writeTo(folder);
        assertThatThrownBy(() -> train(1, log.cut(), 2, Optional.empty(), Optional.of(FILE)))
                .hasMessageContaining("--item-metadata ")
                .hasMessageContaining("it does not exist");
        assertThat(folder.resolve("models")).doesNotExist();
    }

    /** The items' tastes are by number modulo 3, and so are their genres. */
    private void assertSaysWhatTasteIs(Manifest manifest) {
        assertThat(manifest.metrics().get("metadataExplained")).isGreaterThan(0.5);
        FactorRegression regression = StoredRegression.read(store(), manifest).orElseThrow();
        store().verifyOthers(manifest);
        FactorTable table = ((MatrixFactorModel) store().open(manifest)).factors();
        for (int item = 0; item < ITEMS; item++) {
            FeatureVector trained = table.features(table.row("i" + item));
            double nearest = Double.POSITIVE_INFINITY;
            int genreOfNearest = -1;
            for (int genre = 0; genre < 3; genre++) {
                double distance =
                        distance(trained, regression.features(genre(genre)).orElseThrow());
                if (distance < nearest) {
                    nearest = distance;
                    genreOfNearest = genre;
                }
            }
            assertThat(genreOfNearest).as("genre of item %d", item).isEqualTo(item % 3);
        }
    }

    private static double distance(FeatureVector a, FeatureVector b) {
        double square = Math.pow(a.offset() - b.offset(), 2);
        for (int i = 0; i < a.dimension(); i++) {
            square += Math.pow(a.values()[i] - b.values()[i], 2);
        }
        return square;
    }

    private static Metadata genre(int number) {
        return new Metadata(new TreeMap<>(Map.of("genre", List.of("g" + number))));
    }

    private void writeMetadata() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int item = 0; item < ITEMS + 10; item++) {
            lines.append("{\"item\":\"i%d\",\"metadata\":{\"genre\":[\"g%d\"]}}\n".formatted(item, item % 3));
        }
        Files.createDirectories(folder.resolve("items"));
        Files.write(folder.resolve(FILE), ItemMetadataTest.gzip(lines.toString()));
    }

    private void rate(int ratings) {
        for (int n = 0; n < ratings; n++) {
            int user = random.nextInt(60);
            int item = random.nextInt(ITEMS);
            double taste = 1.5 * ((user % 3) - 1) * ((item % 3) - 1);
            log.rate("u" + user, "i" + item, 3 + taste + 0.3 * random.nextInt(3));
        }
    }

    private Manifest train(int version, LogCut cut, int polish, Optional<String> from, Optional<String> metadata)
            throws IOException, InterruptedException {
        Arguments arguments = new Arguments(
                folder.toUri(),
                Map.of(),
                new ModelVersion("als", version),
                cut,
                new Hyperparameters(2, 0.05, 5, false, polish, PriorKind.GAUSSIAN, 0.1, 42),
                List.of(),
                from,
                from,
                metadata,
                Repeat.REPLACE,
                Duration.ZERO,
                false);
        return new Training(spark, arguments, store()).run();
    }

    private ModelStore store() {
        return ModelStore.open(folder.toUri(), Map.of());
    }
}
