package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.SearchTrial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIT {
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void startSpark() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void theVersionIsTrainedWithTheBestCombinationAndKeepsTheRecord() throws Exception {
        Random random = new Random(2);
        ArchiveFixture log = new ArchiveFixture(2);
        for (int n = 0; n < 1500; n++) {
            int user = random.nextInt(60);
            int item = random.nextInt(30);
            log.rate("u" + user, "i" + item, 3 + ((user % 3) - 1) * ((item % 3) - 1) + 0.2 * random.nextGaussian());
        }
        log.writeTo(folder);
        Hyperparameters useless = given(1, 1e5);
        Hyperparameters fit = given(3, 0.05);

        Manifest manifest = new Training(
                        spark,
                        new Arguments(
                                folder.toUri(),
                                Map.of(),
                                new ModelVersion("als", 1),
                                log.cut(),
                                useless,
                                List.of(useless, fit),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Repeat.REPLACE,
                                Duration.ZERO,
                                false),
                        ModelStore.open(folder.toUri(), Map.of()))
                .run();

        assertThat(manifest)
                .isEqualTo(ModelStore.open(folder.toUri(), Map.of()).readManifest("models/als/1/manifest.json"));
        assertThat(manifest.search()).extracting(SearchTrial::isChosen).containsExactly(false, true);
        assertThat(manifest.search())
                .extracting(trial -> trial.hyperparameters().get("rank"))
                .containsExactly("1", "3");
        assertThat(manifest.search().get(1).validationRmse())
                .isLessThan(manifest.search().get(0).validationRmse());
        assertThat(manifest.hyperparameters()).containsEntry("rank", "3").containsEntry("regularization", "0.05");
        assertThat(manifest.dimension()).isEqualTo(4);
    }

    @Test
    void whatFailsIsRecordedAndEndsNothing() throws Exception {
        HyperparameterSearch search = search(Map.of(1, 0.9, 3, 0.8, 4, Double.NaN, 5, 0.85));

        HyperparameterSearch.Outcome outcome = search.run(
                Stream.of(1, 2, 3, 4, 5).map(rank -> given(rank, 0.1)).toList());

        assertThat(outcome.chosen().rank()).isEqualTo(3);
        assertThat(outcome.trials())
                .extracting(SearchTrial::validationRmse)
                .containsExactly(0.9, null, 0.8, null, 0.85);
        assertThat(outcome.trials().get(1).failure()).contains("rank 2 is not for this test");
        assertThat(outcome.trials().get(3).failure()).contains("its error is NaN");
    }

    @Test
    void whereEverythingFailsTheReasonIsThatOfTheFirst() {
        HyperparameterSearch search = search(Map.of());

        assertThatThrownBy(() -> search.run(List.of(given(7, 0.1), given(8, 0.1))))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("rank 7 is not for this test");
    }

    @Test
    void validationRatingsAreNoneOfThoseThatJudgeTheVersion() throws Exception {
        RatingsReader.Ratings ratings = ratings();
        HeldOutSplit heldOut = given(1, 0.1).split();
        HeldOutSplit.Parts version = heldOut.split(ratings.users().first(), ratings.dictionary());
        AtomicInteger judged = new AtomicInteger();
        new HyperparameterSearch(1, ratings, given -> new Fake(given, 1.0) {
                    @Override
                    public Judgement judge(JavaRDD<HeldOutSplit.Parts> parts) {
                        assertThat(parts.first().heldOut().items())
                                .isNotEmpty()
                                .doesNotContain(version.heldOut().items());
                        assertThat(parts.first().training().size()
                                        + parts.first().heldOut().size())
                                .isEqualTo(version.training().size());
                        judged.incrementAndGet();
                        return super.judge(parts);
                    }
                })
                .run(List.of(given(1, 0.1)));
        assertThat(judged).hasValue(1);
    }

    private static HyperparameterSearch search(Map<Integer, Double> rmseByRank) {
        return new HyperparameterSearch(2, ratings(), given -> {
            Double rmse = rmseByRank.get(given.rank());
            if (rmse == null) {
                throw new IllegalStateException("rank " + given.rank() + " is not for this test");
            }
            return new Fake(given, rmse);
        });
    }

    private static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    private static RatingsReader.Ratings ratings() {
        ItemDictionary dictionary = new ItemDictionary(
                IntStream.range(0, 200).mapToObj(i -> "i" + i).toList());
        UserRatings user = new UserRatings("u", 0, IntStream.range(0, 200).toArray(), new double[200]);
        return new RatingsReader.Ratings(
                context().parallelize(List.of(user)), dictionary, context().broadcast(dictionary), 1, 200);
    }

    private static Hyperparameters given(int rank, double regularization) {
        return new Hyperparameters(rank, regularization, 3, true, 2, PriorKind.GAUSSIAN, 0.1, 42);
    }

    /** Gives a known error, and trains nothing. */
    private static class Fake implements TrainingMethod {
        private final Hyperparameters given;
        private final double rmse;

        Fake(Hyperparameters given, double rmse) {
            this.given = given;
            this.rmse = rmse;
        }

        @Override
        public SortedMap<String, String> hyperparameters() {
            return given.asText();
        }

        @Override
        public Judgement judge(JavaRDD<HeldOutSplit.Parts> parts) {
            ItemTable nothing = new ItemTable(given.rank(), new Offsets(new float[0], false));
            Served served =
                    new Served(context().broadcast(nothing), Prior.zero(given.dimension(), 1), NoiseChoice.ofPolish(1));
            return new Judgement(served, 0, new TreeMap<>(Map.of("heldOutRmse", rmse)));
        }

        @Override
        public Trained train(JavaRDD<UserRatings> users, Judgement judgement) {
            throw new UnsupportedOperationException("a search trains on a part only");
        }
    }
}
