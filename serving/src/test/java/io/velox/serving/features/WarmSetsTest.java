package io.velox.serving.features;

import static io.velox.core.log.VersionState.ACTIVE;
import static io.velox.core.log.VersionState.PUBLISHED;
import static io.velox.core.log.VersionState.REBASING;
import static io.velox.core.log.VersionState.RETIRED;
import static io.velox.core.log.VersionState.STANDBY;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.serving.features.FeatureCache.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmSetsTest {
    private static final int ITEMS = 3000;
    private static final int DIMENSION = 10;

    /** A tenth of the table. */
    private static final long CACHE_BYTES = ITEMS / 10L * FeatureKey.bytes("1234", DIMENSION);

    /** More than the noise of so many requests: with seed 4207727218018 the hit rate does fall after a swap, and why is not known. */
    private static final double NOISE_OF_A_THOUSAND = 0.08;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final double[] cumulative = popularity();

    @TempDir
    Path folder;

    private FeatureWorld world;
    private StoredFeatures first;

    @BeforeEach
    void open() {
        world = new FeatureWorld(folder, CACHE_BYTES, Duration.ofSeconds(30));
        world.catalogue(ACTIVE);
        first = world.open(model(1));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private MatrixFactorModel model(int number) {
        return FeatureWorld.random(new ModelVersion("als", number), ITEMS, DIMENSION, random);
    }

    private static double[] popularity() {
        double[] cumulative = new double[ITEMS];
        double sum = 0;
        for (int i = 0; i < ITEMS; i++) {
            sum += 1 / Math.pow(i + 1, 0.9);
            cumulative[i] = sum;
        }
        return cumulative;
    }

    /** Asks for items as users do, some more often than others; returns the share of hits. */
    private double ask(StoredFeatures version, int requests) {
        long hits = world.cache.hits();
        for (int i = 0; i < requests; i++) {
            double x = random.nextDouble() * cumulative[ITEMS - 1];
            int item = Arrays.binarySearch(cumulative, x);
            item = item < 0 ? -item - 1 : item;
            version.gather(List.of(Item.ofId(Integer.toString(Math.min(item, ITEMS - 1)))))
                    .join();
        }
        return (world.cache.hits() - hits) / (double) requests;
    }

    @Test
    void theHitRateAfterASwapIsThatOfBefore() {
        ask(first, 30_000);
        StoredFeatures second = world.open(model(2));
        world.catalogue(ACTIVE, PUBLISHED);
        assertThat(second.warmed()).isDone();
        world.catalogue(ACTIVE, REBASING);
        double before = ask(first, 10_000);
        world.warmer.advance(FeatureWorld.INTERVAL);

        world.catalogue(STANDBY, ACTIVE);

        assertThat(ask(second, 1_000)).as("at once, seed %s", seed).isGreaterThan(before - NOISE_OF_A_THOUSAND);
        assertThat(ask(second, 10_000)).as("then, seed %s", seed).isGreaterThan(before - NOISE_OF_A_THOUSAND / 3);
        assertThat(world.cache.bytes()).isLessThanOrEqualTo(CACHE_BYTES);
        // And back.
        world.warmer.advance(FeatureWorld.INTERVAL);
        world.catalogue(ACTIVE, STANDBY);
        assertThat(ask(first, 1_000)).as("rolled back, seed %s", seed).isGreaterThan(before - NOISE_OF_A_THOUSAND);
        assertThat(before).isBetween(0.4, 0.95);
    }

    @Test
    void aColdVersionWouldBeMuchWorse() {
        double before = ask(first, 30_000);
        StoredFeatures cold = world.open(FeatureWorld.random(new ModelVersion("other", 1), ITEMS, DIMENSION, random));

        assertThat(ask(cold, 300)).as("seed %s", seed).isLessThan(before - NOISE_OF_A_THOUSAND);
    }

    @Test
    void aVersionThatWaitsFollowsWhatIsAskedForNow() {
        StoredFeatures second = world.open(model(2));
        world.catalogue(ACTIVE, PUBLISHED);
        first.gather(items(0, 50)).join();
        assertThat(isWarm(second, 0, 1)).isFalse();

        world.warmer.advance(FeatureWorld.INTERVAL);

        assertThat(isWarm(second, 1, 50)).isTrue();
        assertThat(isWarm(second, 50, 51)).isFalse();
    }

    @Test
    void warmSetsTogetherTakeNoMoreThanTheCacheAndTheVersionThatComesGoesFirst() {
        ask(first, 20_000);
        StoredFeatures second = world.open(model(2));
        world.catalogue(STANDBY, ACTIVE);
        ask(second, 20_000);
        StoredFeatures third = world.open(model(3));
        world.catalogue(STANDBY, ACTIVE, PUBLISHED);

        List<Entry> hottest = world.cache.hottestFirst().get(new ModelVersion("als", 2));
        long misses = world.cache.misses();
        third.gather(hottest.stream().map(e -> Item.ofId(e.item())).toList()).join();
        assertThat(world.cache.misses()).isEqualTo(misses);
        first.gather(hottest.stream().map(e -> Item.ofId(e.item())).toList()).join();
        assertThat(world.cache.misses()).isGreaterThan(misses + hottest.size() / 2);
    }

    @Test
    void aVersionIsNotWarmWhileTheStoreIsAwayAndIsOnceItIsBack() {
        first.gather(items(0, 50)).join();
        MatrixFactorModel model = model(2);
        Manifest manifest = world.write(model);
        world.catalogue(ACTIVE, PUBLISHED);
        int[] reads = new int[1];
        int blocks = blocks();
        GatedFileSystem.set(() -> {
            if (++reads[0] > blocks) { // after it was opened
                throw new IOException("the store is away");
            }
        });
        StoredFeatures second = (StoredFeatures) world.tables.open(manifest).features();
        assertThat(second.warmed()).isNotDone();

        GatedFileSystem.reset();
        world.warmer.advance(FeatureWorld.INTERVAL);

        assertThat(second.warmed()).isCompleted();
        assertThat(isWarm(second, 0, 50)).isTrue();
    }

    private static int blocks() {
        return 2 * ((ITEMS / 2 + 127) / 128);
    }

    @Test
    void aVersionThatAnswersAlreadyIsNotWaitedFor() {
        world.catalogue(STANDBY, ACTIVE);
        assertThat(world.open(model(2)).warmed()).isCompleted();
    }

    @Test
    void aVersionThatIsDroppedLeavesNothingAndEndsTheWork() {
        first.gather(items(0, 50)).join();
        StoredFeatures second = world.open(model(2));
        world.catalogue(ACTIVE, PUBLISHED);
        assertThat(isWarm(second, 0, 50)).isTrue();
        assertThat(world.warmer.waiting()).isEqualTo(1);

        second.release();
        world.catalogue(ACTIVE, RETIRED);
        world.warmer.advance(FeatureWorld.INTERVAL);

        assertThat(world.warmer.waiting()).isZero();
        assertThat(isWarm(second, 0, 1)).isFalse();
    }

    private static List<Item> items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Item.ofId(Integer.toString(i)))
                .toList();
    }

    /** Whether the items were at hand; they are now. */
    private boolean isWarm(StoredFeatures version, int from, int to) {
        long misses = world.cache.misses();
        version.gather(items(from, to)).join();
        return world.cache.misses() == misses;
    }
}
