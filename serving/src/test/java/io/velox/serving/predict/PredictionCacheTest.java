package io.velox.serving.predict;

import static io.velox.serving.predict.TestWorld.ALS_2;
import static io.velox.serving.predict.TestWorld.ALS_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.users.UserView;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PredictionCacheTest {
    private static final long MIB = 1 << 20;
    private static final Item ITEM = Item.ofId("7");

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicLong now = new AtomicLong();
    private final PredictionCache exact = cache(MIB, 0);

    private PredictionCache cache(long maxBytes, double tolerance) {
        return new PredictionCache(maxBytes, tolerance, now::get);
    }

    private static Answering answering(ModelVersion version, double... weights) {
        return Answering.in(
                TestWorld.loaded().get(version),
                new UserView(
                        Optional.of(TestWorld.user("u", 1, TestWorld.weights(version, 1, weights))), Optional.empty()));
    }

    private static FeaturesAtHand features(Answering answering) {
        return (ModelFeatures) answering.version().features();
    }

    private static double kept(PredictionCache cache, Answering answering, String uid, Item item) {
        return cache.load(answering, uid, item, features(answering)).orElseThrow();
    }

    @Test
    void aPredictionHoldsForEqualWeightsToTheBitAndForNoOthers() {
        Answering learnt = answering(ALS_3, 1, 2, 3);
        assertThat(exact.score(learnt, "u", ITEM)).isNaN();
        double score = kept(exact, learnt, "u", ITEM);

        assertThat(score).isEqualTo(learnt.score(features(learnt), ITEM).orElseThrow());
        assertThat(exact.score(learnt, "u", ITEM)).isEqualTo(score);
        assertThat(exact.score(answering(ALS_3, 1, 2, 3), "u", ITEM)).isEqualTo(score);
        assertThat(exact.score(answering(ALS_3, 1, 2, Math.nextUp(3.0)), "u", ITEM))
                .isNaN();
        assertThat(exact.score(learnt, "v", ITEM)).isNaN();
        assertThat(exact.score(learnt, "u", Item.ofId("8"))).isNaN();
        assertThat(exact.score(answering(ALS_2, 1, 2, 3), "u", ITEM)).isNaN();
    }

    @Test
    void whatANewRevisionSaysTakesThePlaceOfWhatAnOldOneSaid() {
        kept(exact, answering(ALS_3, 1, 2, 3), "u", ITEM);
        Answering later = answering(ALS_3, 1, 2, 4);
        double score = kept(exact, later, "u", ITEM);

        assertThat(exact.score(later, "u", ITEM)).isEqualTo(score);
        assertThat(exact.score(answering(ALS_3, 1, 2, 3), "u", ITEM)).isNaN();
    }

    @Test
    void nothingIsKeptOfAnItemThatTheVersionDoesNotKnow() {
        Answering answering = answering(ALS_3, 1, 2, 3);
        Item unknown = Item.ofId("unheard of");

        assertThat(exact.load(answering, "u", unknown, features(answering))).isEmpty();
        assertThat(exact.bytes()).isZero();
    }

    @Test
    void withATolerancePredictionsAreReusedAsLongAsTheyDifferByNoMore() {
        for (int round = 0; round < 500; round++) {
            double tolerance = 0.2 * random.nextDouble();
            PredictionCache cache = cache(MIB, tolerance);
            double[] weights = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double[] moved = Arrays.stream(weights)
                    .map(w -> w + 0.1 * random.nextGaussian())
                    .toArray();
            Answering before = answering(ALS_3, weights);
            Answering after = answering(ALS_3, moved);
            Item item = Item.ofId(Integer.toString(1 + random.nextInt(TestWorld.ITEMS)));
            kept(cache, before, "u", item);

            double reused = cache.score(after, "u", item);
            double bound = distance(weights, moved)
                    * distance(features(after).features(item).orElseThrow());
            assertThat(Double.isNaN(reused))
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(bound > tolerance);
            if (bound <= tolerance) {
                assertThat(reused)
                        .as("seed %s, round %s", seed, round)
                        .isCloseTo(after.score(features(after), item).orElseThrow(), within(tolerance + 1e-12));
            }
        }
    }

    @Test
    void aReusedPredictionDoesNotDriftWithTheWeights() {
        PredictionCache cache = cache(MIB, 0.1);
        kept(cache, answering(ALS_3, 0, 0, 0), "u", ITEM);
        double reach = 0.1
                / distance(features(answering(ALS_3, 0, 0, 0)).features(ITEM).orElseThrow());

        for (int step = 0; step <= 20; step++) {
            double score = cache.score(answering(ALS_3, 0, 0, step * reach / 8), "u", ITEM);
            assertThat(Double.isNaN(score)).as("step %s", step).isEqualTo(step > 8);
        }
    }

    private static double distance(FeatureVector features) {
        return distance(features.values(), new double[features.dimension()]);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    @Test
    void itIsBoundedByBytesAndCanBeMadeSmaller() {
        Answering answering = answering(ALS_3, 1, 2, 3);
        PredictionCache cache = cache(100_000, 0);
        for (int user = 0; user < 2_000; user++) {
            kept(cache, answering, "user-" + user, ITEM);
        }
        assertThat(cache.bytes()).isBetween(99_000L, 100_000L);

        cache.resize(10_000);
        assertThat(cache.bytes()).isBetween(9_000L, 10_000L);
    }

    @Test
    void nothingIsKeptForMoreThanAnHour() {
        Answering answering = answering(ALS_3, 1, 2, 3);
        kept(exact, answering, "u", ITEM);
        now.addAndGet(Duration.ofMinutes(59).toNanos());
        assertThat(exact.score(answering, "u", ITEM)).isNotNaN();

        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(exact.score(answering, "u", ITEM)).isNaN();
        exact.keepOnly(version -> true);
        assertThat(exact.bytes()).isZero();
    }

    @Test
    void aVersionThatIsNotLoadedAnyMoreIsForgottenAndWhatARequestUnderWayStillKeepsOfItToo() {
        Answering old = answering(ALS_2, 1, 2, 3);
        Answering live = answering(ALS_3, 1, 2, 3);
        kept(exact, old, "u", ITEM);
        long ofOne = exact.bytes();
        kept(exact, live, "u", ITEM);

        exact.keepOnly(version -> version == 3);
        assertThat(exact.score(old, "u", ITEM)).isNaN();
        assertThat(exact.score(live, "u", ITEM)).isNotNaN();
        assertThat(exact.bytes()).isEqualTo(ofOne);

        kept(exact, old, "u", ITEM);
        exact.keepOnly(version -> version == 3);
        assertThat(exact.bytes()).isEqualTo(ofOne);
    }
}
