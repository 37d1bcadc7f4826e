package io.velox.serving.predict;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velox.core.config.PredictionCaching;
import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ItemFeatures;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.users.UserView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachingScorerTest {
    private static final long MIB = 1 << 20;

    /** Enough of them that both groups that are compared have some. */
    private static final int USERS = 400;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicLong now = new AtomicLong();
    private final CpuPool cpu = new CpuPool(1, 8);
    private final Costly features = new Costly();
    private final LoadedVersion costly =
            new LoadedVersion(TestWorld.manifest(ALS_3, features.known.model()), features.known.model(), features);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /** Features that take as long as a test says. */
    private final class Costly implements ItemFeatures {
        private final ModelFeatures known = new ModelFeatures(TestWorld.als(ALS_3));
        private final List<Item> gathered = new ArrayList<>();
        private long nanos;

        @Override
        public CompletableFuture<FeaturesAtHand> gather(Collection<Item> items) {
            now.addAndGet(nanos);
            gathered.addAll(items);
            return CompletableFuture.completedFuture(known);
        }

        @Override
        public CompletableFuture<Void> warmed() {
            return known.warmed();
        }

        @Override
        public void release() {
            known.release();
        }
    }

    @AfterEach
    void close() {
        cpu.close();
    }

    private PredictionCaches caches(PredictionCaching caching, long lookupNanos) {
        PredictionCaches caches =
                new PredictionCaches(caching, Set.of("als"), MIB, 0, () -> now.addAndGet(lookupNanos));
        caches.bindTo(metrics);
        return caches;
    }

    private CachingScorer scorer(PredictionCaches caches) {
        return new CachingScorer(new Scorer(cpu), caches);
    }

    private Answering answering(String uid, double... weights) {
        return Answering.in(
                costly,
                new UserView(
                        Optional.of(TestWorld.user(uid, 1, TestWorld.weights(ALS_3, 1, weights))), Optional.empty()));
    }

    private Item item() {
        return Item.ofId(Integer.toString(1 + random.nextInt(TestWorld.ITEMS)));
    }

    private static Scoring each(CachingScorer scorer, String uid, Answering answering, List<Item> items) {
        return scorer.each(Optional.of(uid), answering, items, scoring -> scoring)
                .join();
    }

    private double count(String meter) {
        return metrics.get("velox.prediction.cache." + meter).functionCounter().count();
    }

    @Test
    void answersAreThoseOfComputingToTheBitWhateverIsKept() {
        for (PredictionCaching caching : PredictionCaching.values()) {
            CachingScorer scorer = scorer(caches(caching, 0));
            double[] weights = {1, 2, 3};
            for (int round = 0; round < 3_000; round++) {
                if (random.nextInt(20) == 0) {
                    weights = new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
                }
                List<Item> items = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    items.add(random.nextInt(10) == 0 ? Item.ofId("unheard of") : item());
                }
                Answering answering = answering("u", weights);

                assertThat(each(scorer, "u" + random.nextInt(5), answering, items))
                        .as("seed %s, %s, round %s", seed, caching, round)
                        .isEqualTo(Scoring.each(answering, features.known, items));
            }
        }
    }

    @Test
    void whatIsKeptIsNotGatheredAgainAndIsCounted() {
        CachingScorer scorer = scorer(caches(PredictionCaching.ON, 0));
        Answering answering = answering("u", 1, 2, 3);
        each(scorer, "u", answering, List.of(Item.ofId("1"), Item.ofId("2")));
        each(scorer, "u", answering, List.of(Item.ofId("2"), Item.ofId("3"), Item.ofId("1")));
        each(scorer, "u", answering, List.of(Item.ofId("3")));

        assertThat(features.gathered).extracting(Item::text).containsExactly("1", "2", "3");
        assertThat(count("hits")).isEqualTo(3);
        assertThat(count("misses")).isEqualTo(3);
        assertThat(metrics.get("velox.prediction.cache.loads").functionTimer().count())
                .isEqualTo(2);
        assertThat(metrics.get("velox.prediction.cache.bytes").gauge().value()).isPositive();
    }

    @Test
    void nothingIsKeptOfAnswersWithoutAUserDegradedOrOfASession() {
        CachingScorer scorer = scorer(caches(PredictionCaching.ON, 0));
        Answering well = answering("u", 1, 2, 3);
        Answering degraded = new Answering(
                well.version(), well.weights(), 1, false, well.revision(), Optional.of("the job is away"));
        Answering ofSession = new Answering(well.version(), well.weights(), 1, true, well.revision(), Optional.empty());
        List<Item> items = List.of(Item.ofId("1"));
        for (int i = 0; i < 2; i++) {
            each(scorer, "u", degraded, items);
            each(scorer, "u", ofSession, items);
            scorer.each(Optional.empty(), well, items, scoring -> scoring).join();
        }

        assertThat(features.gathered).hasSize(6);
        assertThat(count("hits") + count("misses")).isZero();
    }

    @Test
    void whatCannotBeGatheredFailsAndIsAskedForAgain() {
        CachingScorer scorer = scorer(caches(PredictionCaching.ON, 0));
        ItemFeatures failing = new ItemFeatures() {
            @Override
            public CompletableFuture<FeaturesAtHand> gather(Collection<Item> items) {
                return CompletableFuture.failedFuture(new IllegalStateException("the store is away"));
            }

            @Override
            public CompletableFuture<Void> warmed() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void release() {}
        };
        Answering broken = Answering.in(
                new LoadedVersion(costly.manifest(), costly.model(), failing),
                new UserView(
                        Optional.of(TestWorld.user("u", 1, TestWorld.weights(ALS_3, 1, 1, 2, 3))), Optional.empty()));

        assertThat(scorer.each(Optional.of("u"), broken, List.of(Item.ofId("1")), s -> s))
                .isCompletedExceptionally();
        assertThat(each(scorer, "u", answering("u", 1, 2, 3), List.of(Item.ofId("1")))
                        .items())
                .hasSize(1);
    }

    /** Requests of many users for one of some items, each computed in so long where each look at the clock takes so long. */
    private PredictionCaches afterTraffic(int items, long computeNanos, long lookupNanos) {
        PredictionCaches caches = caches(PredictionCaching.AUTO, lookupNanos);
        CachingScorer scorer = scorer(caches);
        features.nanos = computeNanos;
        for (int request = 0; request < 120_000; request++) {
            String uid = "user-" + random.nextInt(USERS);
            Item item = Item.ofId(Integer.toString(1 + random.nextInt(items)));
            each(scorer, uid, answering(uid, 1, 2, 3), List.of(item));
        }
        return caches;
    }

    @Test
    void itComesToKeepPredictionsThatAreCostlyAndAskedForAgain() {
        PredictionCaches caches = afterTraffic(5, 10_000, 0);

        assertThat(caches.isOn("als")).as("seed %s", seed).isTrue();
        assertThat(metrics.get("velox.prediction.cache.on").gauge().value()).isEqualTo(1);
        assertThat(count("hits")).isGreaterThan(20_000);
        assertThat(metrics.get("velox.prediction.cache.request.nanos")
                        .tag("path", "computed")
                        .gauge()
                        .value())
                .isGreaterThan(metrics.get("velox.prediction.cache.request.nanos")
                        .tag("path", "cached")
                        .gauge()
                        .value());
    }

    @Test
    void itKeepsOnlyThoseOfTheTrialWhereComputingCostsNothing() {
        // A miss looks at the clock twice more than computing does.
        PredictionCaches caches = afterTraffic(5, 0, 50);

        assertThat(caches.isOn("als")).as("seed %s", seed).isFalse();
        assertThat(count("hits") + count("misses"))
                .as("about one in 32 of the requests, seed %s", seed)
                .isBetween(1_000.0, 8_000.0);
    }

    @Test
    void itKeepsOnlyThoseOfTheTrialWhereNothingIsAskedForAgain() {
        PredictionCaches caches = caches(PredictionCaching.AUTO, 10);
        CachingScorer scorer = scorer(caches);
        features.nanos = 10_000;
        for (int request = 0; request < 120_000; request++) {
            String uid = "user-" + request;
            each(scorer, uid, answering(uid, 1, 2, 3), List.of(item()));
        }

        assertThat(caches.isOn("als")).isFalse();
        assertThat(count("hits")).isZero();
    }

    @Test
    void whenItTurnsOffWhatWasKeptOfTheOthersIsForgotten() {
        PredictionCaches caches = afterTraffic(50, 10_000, 0);
        assertThat(caches.isOn("als")).as("seed %s", seed).isTrue();
        double before = metrics.get("velox.prediction.cache.bytes").gauge().value();

        // Each request finds a user who has learnt since, and what was kept does not hold; looking costs more than
        // computing.
        CachingScorer scorer = scorer(caches);
        features.nanos = 0;
        for (int request = 0; request < 120_000; request++) {
            now.addAndGet(1);
            String uid = "user-" + random.nextInt(USERS);
            boolean isTried = caches.of("als").orElseThrow().usesCache(uid);
            features.nanos = isTried ? 20_000 : 10_000;
            each(scorer, uid, answering(uid, request, 2, 3), List.of(item()));
        }

        assertThat(caches.isOn("als")).as("seed %s", seed).isFalse();
        assertThat(metrics.get("velox.prediction.cache.bytes").gauge().value())
                .as("seed %s", seed)
                .isLessThan(before / 4);
    }

    @Test
    void aSweepForgetsVersionsThatAreNotLoaded() {
        PredictionCaches caches = caches(PredictionCaching.ON, 0);
        CachingScorer scorer = scorer(caches);
        each(scorer, "u", answering("u", 1, 2, 3), List.of(Item.ofId("1")));
        caches.sweep(version -> version.equals(ALS_3));
        assertThat(metrics.get("velox.prediction.cache.bytes").gauge().value()).isPositive();

        caches.sweep(version -> false);
        assertThat(metrics.get("velox.prediction.cache.bytes").gauge().value()).isZero();
    }
}
