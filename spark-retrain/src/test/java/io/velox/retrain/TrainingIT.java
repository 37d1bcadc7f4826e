package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.log.UserRecord;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class TrainingIT {
    private static final Logger log = LoggerFactory.getLogger(TrainingIT.class);
    private static final Hyperparameters SMALL = with(3, PriorKind.GAUSSIAN, true);
    private static final List<String> ODD_IDS =
            List.of("\"quoted\"", "back\\slash", "a b/c?d=e", "{", "[1]", "null", "é", "\uFFFD", "😀", "z".repeat(256));

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
    void whatIsPublishedOpensAndHoldsEveryItemAndUser() throws Exception {
        Random random = new Random(5);
        ArchiveFixture log = new ArchiveFixture(3);
        for (String uid : ODD_IDS) {
            for (String item : ODD_IDS) {
                if (random.nextInt(3) > 0) {
                    log.rate(uid, item, 1 + random.nextInt(5));
                }
            }
        }
        log.add(observed("only data", "{\"x\":1}", 3));
        log.rate("withdrawer", "withdrawn", 3).add(new UserRecord.Withdrawn("withdrawer", Item.ofId("withdrawn")));
        log.rate("forgotten", "forgotten", 3).add(new UserRecord.Forgotten("forgotten"));
        log.rate("returned", "forgotten", 3)
                .add(new UserRecord.Forgotten("returned"))
                .rate("returned", "é", 4);
        log.add(new UserRecord.Rebased("é", "als", 1, "models/als/1/manifest.json"));
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), SMALL);

        assertThat(manifest).isEqualTo(store().readManifest("models/als/1/manifest.json"));
        assertThat(itemIds(table(manifest))).containsExactlyInAnyOrderElementsOf(ODD_IDS);
        List<String> users = new ArrayList<>(ODD_IDS);
        users.addAll(List.of("only data", "withdrawer", "returned"));
        assertThat(users(manifest).keySet()).containsExactlyInAnyOrderElementsOf(users);
        float[] atPrior = users(manifest).get("only data");
        for (int i = 0; i < atPrior.length; i++) {
            assertThat(atPrior[i]).isEqualTo((float) manifest.prior().mean()[i]);
        }
        assertThat(manifest.dimension()).isEqualTo(4);
        assertThat(manifest.cut()).isEqualTo(log.cut());
        assertThat(manifest.counts()).containsEntry("items", 10L).containsEntry("users", 13L);
        assertThat(manifest.hyperparameters()).containsEntry("rank", "3").containsEntry("prior", "gaussian");
        for (int row = 0; row < 10; row++) {
            assertThat(table(manifest).features(row).values()[3]).isEqualTo(1);
        }
    }

    @Test
    void theSameRecordsInOtherFilesGiveTheSameVersion() throws Exception {
        ArchiveFixture log = synthetic(80, 60, 25);
        Path one = folder.resolve("one");
        Path two = folder.resolve("a [strange] {name} *");
        log.writeTo(one);
        log.writeScattered(two, new Random(11));

        Manifest first = train(one, log.cut(), SMALL);
        Manifest second = train(two, log.cut(), SMALL);

        assertThat(second.noise()).isEqualTo(first.noise());
        assertThat(second.metrics().get("heldOutRmse"))
                .isCloseTo(first.metrics().get("heldOutRmse"), within(1e-6));
        assertClose(second.prior().mean(), first.prior().mean());
        assertClose(second.prior().packedCovariance(), first.prior().packedCovariance());
        FactorTable items = table(one, first);
        FactorTable others = table(two, second);
        assertThat(itemIds(others)).isEqualTo(itemIds(items));
        for (int row = 0; row < items.size(); row++) {
            FeatureVector f = items.features(row);
            FeatureVector g = others.features(row);
            assertClose(g.values(), f.values());
            assertThat(g.offset()).isCloseTo(f.offset(), within(1e-6));
        }
        Map<String, float[]> users = users(one, first);
        users(two, second)
                .forEach((uid, weights) -> assertThat(weights).containsExactly(users.get(uid), within(1e-6f)));
    }

    @Test
    void oneRatingMakesAVersion() throws Exception {
        ArchiveFixture log = new ArchiveFixture(1).rate("u", "i", 4);
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), SMALL);

        assertThat(table(manifest).score(0, manifest.prior().mean())).isCloseTo(4, within(1e-6));
        assertThat(manifest.metrics()).containsEntry("heldOutRatings", 0.0).doesNotContainKey("heldOutRmse");
    }

    @Test
    void recordsAboveTheCutAreNotSeen() throws Exception {
        ArchiveFixture log = new ArchiveFixture(1);
        log.rate("u", "a", 1).rate("u", "b", 2).rate("v", "a", 3).rate("v", "later", 4);
        log.writeTo(folder);

        Manifest manifest = train(new LogCut(0, Map.of(0, 3L)), SMALL);

        assertThat(itemIds(table(manifest))).containsExactly("a", "b");
        assertThat(manifest.counts()).containsEntry("ratings", 3L);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, gaussian, true", "1, 6, mean, false", "6, 1, zero, true", "2, 2, gaussian, false"})
    void fewUsersAndFewItemsMakeAVersion(int users, int items, String prior, boolean itemBias) throws Exception {
        ArchiveFixture log = new ArchiveFixture(2);
        for (int u = 0; u < users; u++) {
            for (int i = 0; i < items; i++) {
                log.rate("u" + u, "i" + i, 1 + (u + 2 * i) % 5);
            }
        }
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), with(8, kind(prior), itemBias));

        assertThat(table(manifest).size()).isEqualTo(items);
        assertThat(users(manifest)).hasSize(users);
        assertThat(manifest.hyperparameters()).containsEntry("noiseFrom", "polish");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "5, 1"})
    void manyPassesOverNextToNothingStayFinite(int users, int items) {
        int[] all = IntStream.range(0, items).toArray();
        List<HeldOutSplit.Parts> parts = IntStream.range(0, users)
                .mapToObj(u -> HeldOutSplit.Parts.allTraining(new UserRatings(
                        "u" + u,
                        u,
                        all,
                        IntStream.of(all).mapToDouble(i -> 1 + (u + 2 * i) % 5).toArray())))
                .toList();
        Hyperparameters given = new Hyperparameters(8, 0.1, 3, true, 100, PriorKind.GAUSSIAN, 0.1, 42);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaRDD<HeldOutSplit.Parts> ratings = context.parallelize(parts, 1);
        Factorization.Result als =
                new Factorization(spark, given, items).train(ratings.map(HeldOutSplit.Parts::training));
        Polisher polisher = new Polisher(context, given, items);

        PolishRun run = polisher.fixed(
                ratings, PolishStart.ofAls(context, als, 1, polisher.layout()), (long) users * items, 12);

        ItemTable table = polisher.served(run.state()).items().value(); // refuses what is not finite
        assertThat(table.trainedItems()).isEqualTo(items);
        assertThat(run.state().parameters().noise()).isFinite().isPositive();
    }

    @Test
    void withoutAPolishThereAreNoPosteriorsAndNoNoises() throws Exception {
        ArchiveFixture log = synthetic(20, 20, 8);
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), new Hyperparameters(3, 0.1, 3, true, 0, PriorKind.GAUSSIAN, 0.1, 42));

        assertThat(manifest.itemPrior()).isNull();
        assertThat(manifest.files()).noneMatch(file -> file.path().startsWith("posterior/"));
        assertThat(table(manifest).features(0).noise()).isZero();
        assertThat(manifest.metrics()).containsKey("heldOutRmse").doesNotContainKey("polishPasses");
    }

    @Test
    void aPolishedVersionHasPosteriorsForEveryItemAndAnswersFromTheirMeans() throws Exception {
        ArchiveFixture log = synthetic(40, 30, 15);
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), SMALL);

        Map<String, float[]> posteriors = new HashMap<>();
        ModelStore store = store();
        store.posteriorParts(manifest)
                .forEach(part ->
                        store.readPosterior(manifest, part, (id, row, offset, noise) -> posteriors.put(id, row)));
        FactorTable items = table(manifest);
        assertThat(posteriors.keySet()).containsExactlyInAnyOrderElementsOf(itemIds(items));
        double globalMean = Objects.requireNonNull(manifest.itemPrior()).globalMean();
        for (int row = 0; row < items.size(); row++) {
            float[] posterior = posteriors.get(items.item(row));
            FeatureVector f = items.features(row);
            assertThat(f.noise()).isPositive();
            assertThat(f.offset()).isCloseTo(globalMean + posterior[3], within(1e-5));
            for (int i = 0; i < 3; i++) {
                assertThat(f.values()[i]).isEqualTo(posterior[i]);
            }
        }
        assertThat(manifest.metrics()).containsKeys("polishPasses", "polishSecondsPerPass", "alsSeconds");
        assertThat(manifest.metrics().get("heldOutRmse"))
                .isLessThan(manifest.metrics().get("heldOutRmsePrior"));
    }

    @ParameterizedTest
    @EnumSource(PriorKind.class)
    void constantRatingsArePredictedAsTheConstant(PriorKind prior) throws Exception {
        ArchiveFixture log = new ArchiveFixture(2);
        for (int u = 0; u < 20; u++) {
            for (int i = 0; i < 20; i++) {
                log.rate("u" + u, "i" + i, 4);
            }
        }
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), with(4, prior, true));

        assertThat(table(manifest).score(0, manifest.prior().mean())).isCloseTo(4, within(1e-6));
        assertThat(manifest.metrics().get("heldOutRmse")).isCloseTo(0, within(1e-6));
    }

    @Test
    void withoutARatingOfAnItemWithAnIdThereIsNothingToTrainFrom() throws Exception {
        assertThatThrownBy(() -> train(new LogCut(0, Map.of(0, 0L, 1, 0L)), SMALL))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("nothing to train als from")
                .hasMessageContaining("0/0:0,1:0");

        ArchiveFixture log = new ArchiveFixture(1).add(observed("u", "[1,2]", 3));
        log.writeTo(folder);
        assertThatThrownBy(() -> train(log.cut(), SMALL)).hasMessageContaining("nothing to train als from");
        assertThat(folder.resolve("models/als/1/manifest.json")).doesNotExist();
    }

    @Test
    void anArchiveWithAGapIsRefused() throws Exception {
        ArchiveFixture log = synthetic(10, 10, 5);
        log.write(folder, 0, 0, 3, LocalDate.of(2025, 1, 1));

        assertThatThrownBy(() -> train(log.cut(), SMALL)).hasMessageContaining("partition 0 lacks offset 3");
    }

    @Test
    void aVersionThatExistsIsNotTouched() throws Exception {
        ArchiveFixture log = new ArchiveFixture(1).rate("u", "a", 1).rate("u", "b", 2);
        log.writeTo(folder);
        train(log.cut(), SMALL);
        byte[] manifest = Files.readAllBytes(folder.resolve("models/als/1/manifest.json"));

        assertThatThrownBy(() -> train(log.cut(), SMALL)).hasMessageContaining("--version 1 of als exists already");
        assertThat(folder.resolve("models/als/1/manifest.json")).hasBinaryContent(manifest);
    }

    @Test
    void theLargestLabelThatAnObservationMayHaveGivesFiniteFactors() throws Exception {
        ArchiveFixture log = synthetic(10, 10, 5).rate("u0", "i0", Observation.MAX_LABEL);
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), SMALL);

        assertThat(table(manifest).size()).isEqualTo(10); // the store refuses what is not finite
    }

    @Test
    void offlineWeightsAreSparksOwnUserFactors() {
        Random random = new Random(9);
        List<UserRatings> users = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int u = 0; u < 30; u++) {
            int[] items = random.ints(12, 0, 40).distinct().toArray();
            double[] labels = random.ints(items.length, 1, 6).asDoubleStream().toArray();
            users.add(new UserRatings("u" + u, u, items, labels));
            for (int i = 0; i < items.length; i++) {
                rows.add(RowFactory.create(u, items[i], (float) labels[i]));
            }
        }
        StructType schema = new StructType()
                .add("user", DataTypes.IntegerType)
                .add("item", DataTypes.IntegerType)
                .add("rating", DataTypes.FloatType);
        ALSModel model = new ALS().setRank(5).setRegParam(0.2).setSeed(1).fit(spark.createDataFrame(rows, schema));
        ItemTable items = new ItemTable(5, new Offsets(new float[40], false));
        model.itemFactors().collectAsList().forEach(row -> items.put(row.getInt(0), floats(row.getList(1))));

        for (Row row : model.userFactors().collectAsList()) {
            float[] factor = floats(row.getList(1));
            double[] weights = OfflineWeights.ofAls(users.get(row.getInt(0)), items, 0.2);
            for (int i = 0; i < factor.length; i++) {
                assertThat(weights[i]).isCloseTo(factor[i], within(1e-5));
            }
        }
    }

    @Test
    void manyRoundsLeaveNoCheckpointsBehind() throws Exception {
        ArchiveFixture log = synthetic(20, 20, 8);
        log.writeTo(folder);

        Manifest manifest = train(log.cut(), new Hyperparameters(2, 0.1, 25, true, 10, PriorKind.GAUSSIAN, 0.1, 1));

        assertThat(table(manifest).size()).isEqualTo(20);
        try (var left = Files.list(folder.resolve("models/als/1"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("manifest.json", "items", "users", "posterior");
        }
    }

    @Test
    void realRatingsAreBetterPredictedByRidgeWeightsThanByThePriorAlone() throws Exception {
        Optional<Path> zip = MovieLens.find();
        assumeTrue(zip.isPresent(), "ml-latest-small.zip is not on this machine");
        ArchiveFixture archive = new ArchiveFixture(4);
        MovieLens.read(zip.get()).forEach(rating -> archive.rate(rating.uid(), rating.item(), rating.label()));
        archive.writeTo(folder);

        Manifest manifest =
                train(archive.cut(), new Hyperparameters(20, 0.15, 10, true, 10, PriorKind.GAUSSIAN, 0.1, 42));

        log.info("ml-latest-small: {}", manifest.metrics());
        assertThat(manifest.counts())
                .containsEntry("ratings", 100_836L)
                .containsEntry("users", 610L)
                .containsEntry("items", 9_724L);
        assertThat(manifest.metrics().get("heldOutRmse"))
                .isLessThan(manifest.metrics().get("heldOutRmsePrior") - 0.05)
                .isLessThan(0.84)
                .isLessThan(manifest.metrics().get("heldOutRmseBeforePolish") - 0.005);
    }

    private Manifest train(LogCut cut, Hyperparameters hyperparameters) throws IOException, InterruptedException {
        return train(folder, cut, hyperparameters);
    }

    private static Manifest train(Path store, LogCut cut, Hyperparameters hyperparameters)
            throws IOException, InterruptedException {
        Arguments arguments = new Arguments(
                store.toUri(),
                Map.of(),
                new ModelVersion("als", 1),
                cut,
                hyperparameters,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Repeat.REPLACE,
                Duration.ZERO,
                false);
        return new Training(spark, arguments, store(store)).run();
    }

    private ModelStore store() {
        return store(folder);
    }

    private static ModelStore store(Path folder) {
        return ModelStore.open(folder.toUri(), Map.of());
    }

    private FactorTable table(Manifest manifest) {
        return table(folder, manifest);
    }

    private static FactorTable table(Path folder, Manifest manifest) {
        return ((MatrixFactorModel) store(folder).open(manifest)).factors();
    }

    private Map<String, float[]> users(Manifest manifest) {
        return users(folder, manifest);
    }

    private static Map<String, float[]> users(Path folder, Manifest manifest) {
        Map<String, float[]> users = new HashMap<>();
        store(folder).readUsers(manifest, (uid, weights, offset, noise) -> {
            for (float weight : weights) {
                assertThat(weight).isFinite();
            }
            assertThat(users.put(uid, weights)).isNull();
        });
        return users;
    }

    private static List<String> itemIds(FactorTable table) {
        List<String> ids = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            ids.add(table.item(row));
        }
        return ids;
    }

    private static void assertClose(double[] found, double[] expected) {
        assertThat(found).containsExactly(expected, within(1e-6));
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static ArchiveFixture synthetic(int users, int items, int ratings) {
        Random random = new Random(17);
        ArchiveFixture log = new ArchiveFixture(3);
        for (int u = 0; u < users; u++) {
            for (int r = 0; r < ratings; r++) {
                int item = random.nextInt(items);
                double taste = ((u % 3) - 1) * ((item % 3) - 1);
                log.rate("u" + u, "i" + item, 3 + taste + 0.5 * random.nextInt(3));
            }
        }
        return log;
    }

    private static UserRecord observed(String uid, String itemJson, double label) throws IOException {
        Item item = io.velox.core.log.RecordCodec.mapper().readValue(itemJson, Item.class);
        return new UserRecord.Observed(uid, item, label, 0, null, null);
    }

    private static Hyperparameters with(int rank, PriorKind prior, boolean itemBias) {
        return new Hyperparameters(rank, 0.1, 3, itemBias, 3, prior, 0.1, 42);
    }

    private static PriorKind kind(String name) {
        return PriorKind.valueOf(name.toUpperCase(java.util.Locale.ROOT));
    }
}
