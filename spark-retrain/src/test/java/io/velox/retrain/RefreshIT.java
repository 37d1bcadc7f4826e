package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.model.FactorTable;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions made from versions, and compared with them. */
class RefreshIT {
    private static final String FIRST = "models/als/1/manifest.json";

    private static SparkSession spark;

    @TempDir
    Path folder;

    private final Random random = new Random(23);
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
    void aRefreshTakesUpNewItemsAndTellsWhatItIs() throws Exception {
        rate(0, 60, 0, 40, 1200);
        LogCut before = log.cut();
        rate(0, 60, 0, 45, 150);
        log.writeTo(folder);
        Manifest full = train(folder, 1, before, 5, Optional.empty());

        Manifest refreshed = train(folder, 2, log.cut(), 5, Optional.of(FIRST));

        FactorTable old = table(folder, full);
        FactorTable items = table(folder, refreshed);
        assertThat(old.row("i42")).isNegative();
        assertThat(items.row("i42")).isNotNegative();
        assertThat(items.features(items.row("i42")).noise())
                .isGreaterThan(items.features(items.row("i1")).noise());
        assertThat(refreshed.hyperparameters())
                .containsEntry("kind", "refresh")
                .containsEntry("from", FIRST)
                .containsEntry("noiseFrom", "live")
                .containsEntry("regularization", "0.1");
        assertThat(refreshed.noise()).isEqualTo(full.noise());
        assertThat(refreshed.metrics()).containsEntry("polishPasses", 2.0);
        assertThat(refreshed.metrics().get("heldOutUnseenRatings")).isBetween(1.0, Refresh.MIN_NEW - 1.0);
        assertThat(refreshed.metrics().get("gate.ratings") + refreshed.metrics().get("gate.onlyCandidate"))
                .isEqualTo(refreshed.metrics().get("heldOutUnseenRatings"));
        assertThat(refreshed.metrics().get("gate.onlyCandidate")).isPositive();

        Manifest again = train(folder, 3, log.cut(), 5, Optional.of("models/als/2/manifest.json"));
        assertThat(again.metrics()).containsEntry("gate.ratings", 0.0).doesNotContainKey("gate.liveRmse");
    }

    @Test
    void manyNewRatingsSayHowManyPassesAndBringWhatTheOldVersionDoesNotKnow() throws Exception {
        rate(0, 80, 0, 50, 500);
        LogCut before = log.cut();
        rate(0, 160, 0, 50, 5000);
        log.writeTo(folder);
        train(folder, 1, before, 5, Optional.empty());

        Manifest refreshed = train(folder, 2, log.cut(), 5, Optional.of(FIRST));

        assertThat(refreshed.metrics().get("heldOutUnseenRatings")).isGreaterThan(Refresh.MIN_NEW);
        assertThat(refreshed.hyperparameters()).containsEntry("noiseFrom", "held-out");
        assertThat(refreshed.metrics().get("gate.candidateRmse"))
                .isCloseTo(refreshed.metrics().get("heldOutRmse"), within(0.05))
                .isLessThan(refreshed.metrics().get("gate.liveRmse"));
    }

    @Test
    void theSameRecordsInOtherFilesGiveTheSameRefresh() throws Exception {
        rate(0, 60, 0, 40, 1200);
        LogCut before = log.cut();
        rate(0, 60, 0, 45, 600);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        log.writeTo(one);
        log.writeScattered(two, new Random(3));
        train(one, 1, before, 3, Optional.empty());
        train(two, 1, before, 3, Optional.empty());

        FactorTable items = table(one, train(one, 2, log.cut(), 3, Optional.of(FIRST)));
        FactorTable others = table(two, train(two, 2, log.cut(), 3, Optional.of(FIRST)));

        assertThat(others.size()).isEqualTo(items.size());
        for (int row = 0; row < items.size(); row++) {
            assertThat(others.item(row)).isEqualTo(items.item(row));
            assertThat(others.features(row).values())
                    .containsExactly(items.features(row).values(), within(1e-6));
            assertThat(others.features(row).noise())
                    .isCloseTo(items.features(row).noise(), within(1e-6));
        }
    }

    @Test
    void whatHasNoPosteriorsCannotBeRefreshed() throws Exception {
        rate(0, 20, 0, 20, 100);
        log.writeTo(folder);
        train(folder, 1, log.cut(), 0, Optional.empty());

        assertThatThrownBy(() -> train(folder, 2, log.cut(), 5, Optional.of(FIRST)))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("als/1 cannot be refreshed")
                .hasMessageContaining("train in full");
        assertThat(folder.resolve("models/als/2/manifest.json")).doesNotExist();
    }

    @Test
    void aDamagedPosteriorIsRefusedWhereItIsReadAndServesAllTheSame() throws Exception {
        rate(0, 20, 0, 20, 150);
        log.writeTo(folder);
        Manifest full = train(folder, 1, log.cut(), 2, Optional.empty());
        Path part;
        try (Stream<Path> parts = Files.list(folder.resolve("models/als/1/posterior"))) {
            part = parts.sorted().findFirst().orElseThrow().resolve("data");
        }
        byte[] data = Files.readAllBytes(part);
        data[data.length / 2] ^= 1;
        Files.write(part, data);

        assertThatThrownBy(() -> train(folder, 2, log.cut(), 2, Optional.of(FIRST)))
                .hasStackTraceContaining("does not have the length and checksum that the manifest gives");
        assertThat(table(folder, full).size()).isEqualTo(20);
    }

    private void rate(int fromUser, int toUser, int fromItem, int toItem, int ratings) {
        for (int n = 0; n < ratings; n++) {
            int user = fromUser + random.nextInt(toUser - fromUser);
            int item = fromItem + random.nextInt(toItem - fromItem);
            double taste = ((user % 3) - 1) * ((item % 3) - 1);
            log.rate("u" + user, "i" + item, 3 + taste + 0.5 * random.nextInt(3));
        }
    }

    private static Manifest train(Path store, int version, LogCut cut, int polish, Optional<String> from)
            throws IOException, InterruptedException {
        Arguments arguments = new Arguments(
                store.toUri(),
                Map.of(),
                new ModelVersion("als", version),
                cut,
                new Hyperparameters(3, 0.1, 3, true, polish, PriorKind.GAUSSIAN, 0.1, 42),
                List.of(),
                from,
                from,
                Optional.empty(),
                Repeat.REPLACE,
                Duration.ZERO,
                false);
        return new Training(spark, arguments, ModelStore.open(store.toUri(), Map.of())).run();
    }

    private static FactorTable table(Path store, Manifest manifest) {
        return ((MatrixFactorModel) ModelStore.open(store.toUri(), Map.of()).open(manifest)).factors();
    }
}
