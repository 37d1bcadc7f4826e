package io.velox.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureWarmerTest {
    private static final int ITEMS = 3000;
    private static final int DIMENSION = 10;

    /** A tenth of the table. */
    private static final long CACHE_BYTES = ITEMS / 10L * CachedItem.bytes("1234", DIMENSION);

    /** Caffeine admits one in 128 of those that it would turn away by chance, and goes its own way from there. */
    private static final double CHANCE = 0.01;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private Random random = new Random(seed);
    private final double[] cumulative = popularity();

    @TempDir
    Path folder;

    private FeatureWorld world;
    private StoredFeatures first;

    @BeforeEach
    void open() {
        openIn(folder.resolve("store"));
    }

    private void openIn(Path store) {
        world = new FeatureWorld(store, CACHE_BYTES, Duration.ofSeconds(30));
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

    /** Hit rates of before a swap, after it, and after a rollback; of the same requests without either. */
    private double[] hitRates(boolean isSwapped) {
        random = new Random(seed);
        StoredFeatures second = isSwapped ? world.open(model(2)) : first;
        random = new Random(seed + 1);
        ask(first, 30_000);
        world.warmer.advance(FeatureWorld.INTERVAL);
        double before = ask(first, 1_000);
        world.tables.catalogueChanges();
        double atOnce = ask(second, 1_000);
        double then = ask(second, 10_000);
        world.tables.catalogueChanges();
        return new double[] {before, atOnce, then, ask(first, 1_000)};
    }

    @Test
    void neitherASwapNorARollbackChangesTheHitRate() {
        double[] swapped = hitRates(true);
        world.close();
        openIn(folder.resolve("control"));

        assertThat(swapped).as("seed %s", seed).containsExactly(hitRates(false), Offset.offset(CHANCE));
        assertThat(swapped[0]).isBetween(0.4, 0.95);
        assertThat(world.cache.bytes()).isLessThanOrEqualTo(CACHE_BYTES);
    }

    @Test
    void aVersionThatNobodyKeepsWarmIsMuchWorse() {
        double before = ask(first, 30_000);
        StoredFeatures cold = world.open(FeatureWorld.random(new ModelVersion("other", 1), ITEMS, DIMENSION, random));

        assertThat(ask(cold, 300)).as("seed %s", seed).isLessThan(before - 10 * CHANCE);
    }

    @Test
    void aVersionThatWaitsFollowsWhatIsAskedForNow() {
        StoredFeatures second = world.open(model(2));
        first.gather(items(0, 50)).join();
        assertThat(isWarm(second, 0, 1)).isFalse();

        world.warmer.advance(FeatureWorld.INTERVAL);

        assertThat(isWarm(second, 1, 50)).isTrue();
        assertThat(isWarm(second, 50, 51)).isFalse();
    }

    @Test
    void aVersionOfMoreFeaturesTakesTheRoomThatItNeeds() {
        first.gather(items(0, 280)).join();
        long before = world.cache.bytes();

        StoredFeatures wide = world.open(FeatureWorld.random(new ModelVersion("als", 2), ITEMS, 2 * DIMENSION, random));

        assertThat(world.cache.bytes()).isGreaterThan(before).isLessThanOrEqualTo(CACHE_BYTES);
        long hits = world.cache.hits();
        wide.gather(items(0, 280)).join();
        assertThat(world.cache.hits() - hits).isBetween(200L, 270L);
    }

    @Test
    void aVersionIsNotWarmWhileTheStoreIsAwayAndIsOnceItIsBack() {
        first.gather(items(0, 50)).join();
        MatrixFactorModel model = model(2);
        Manifest manifest = world.write(model);
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
    void theFirstVersionOfAModelIsNotWaitedForWhileTheStoreIsAway() {
        assertThat(first.warmed()).isCompleted();
    }

    @Test
    void aVersionThatIsDroppedLeavesNothingAndEndsTheWork() {
        first.gather(items(0, 50)).join();
        StoredFeatures second = world.open(model(2));
        assertThat(isWarm(second, 0, 50)).isTrue();
        assertThat(world.warmer.waiting()).isEqualTo(1);

        second.release();
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
