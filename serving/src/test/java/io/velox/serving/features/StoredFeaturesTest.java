package io.velox.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.serving.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFeaturesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long PLENTY = 16 << 20;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    Path folder;

    private FeatureWorld world;

    @BeforeEach
    void open() {
        world = new FeatureWorld(folder, PLENTY, LONG);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static ModelVersion version(int number) {
        return new ModelVersion("als", number);
    }

    private static List<Item> items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Item.ofId(Integer.toString(i)))
                .toList();
    }

    @Test
    void scoresHaveTheBitsOfTheTableInMemory() {
        for (int number = 1; number <= 6; number++) {
            int dimension = 1 + random.nextInt(60);
            MatrixFactorModel model = FeatureWorld.random(new ModelVersion("m" + number, 1), 1000, dimension, random);
            ModelFeatures inMemory = new ModelFeatures(model);
            StoredFeatures stored = world.open(model);
            double[] weights = random.doubles(dimension, -3, 3).toArray();
            for (int pass = 0; pass < 2; pass++) { // from the store, and from the cache
                List<Item> asked = items(-5, 1005);
                FeaturesAtHand atHand = stored.gather(asked).join();
                for (Item item : asked) {
                    assertThat(atHand.score(item, weights))
                            .as("seed %s, item %s", seed, item)
                            .isEqualTo(inMemory.score(item, weights));
                    assertThat(atHand.features(item).map(FeatureVector::noise))
                            .isEqualTo(inMemory.features(item).map(FeatureVector::noise));
                }
            }
        }
        assertThat(world.cache.misses()).isEqualTo(6 * 1010);
        assertThat(world.cache.hits()).isEqualTo(6 * 1010);
    }

    @Test
    void manyRequestsForOneItemWaitForOneRead() {
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 500, 5, random));
        CountDownLatch isOpen = new CountDownLatch(1);
        hold(isOpen);
        List<CompletableFuture<FeaturesAtHand>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(stored.gather(items(7, 8)));
        }
        assertThat(world.readers.getTaskCount()).isEqualTo(1);
        isOpen.countDown();

        answers.forEach(
                answer -> assertThat(answer.join().features(Item.ofId("7"))).isPresent());
        assertThat(GatedFileSystem.READERS).hasSize(1).allMatch(thread -> thread.startsWith("feature-reader-"));
    }

    @Test
    void theCallerNeverWaitsForTheStore() {
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 2000, 5, random));
        CountDownLatch isOpen = new CountDownLatch(1);
        hold(isOpen);

        CompletableFuture<FeaturesAtHand> some = stored.gather(items(0, 2000)); // would not return if it read here
        CompletableFuture<Void> all = stored.scan((id, features, offset, noise) -> {});

        assertThat(some).isNotDone();
        assertThat(all).isNotDone();
        isOpen.countDown();
        some.join();
        all.join();
        assertThat(GatedFileSystem.READERS)
                .allMatch(thread -> thread.startsWith("feature-reader-") || thread.startsWith("catalogue-scan-"))
                .anyMatch(thread -> thread.startsWith("catalogue-scan-"));
    }

    /** From now on. */
    private static void hold(CountDownLatch isOpen) {
        GatedFileSystem.reset();
        GatedFileSystem.set(() -> {
            try {
                isOpen.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @Test
    void theCacheKeepsToItsBytes() {
        world.close();
        world = new FeatureWorld(folder, 50_000, LONG);
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 2000, 20, random));

        for (int from = 0; from < 2000; from += 100) {
            stored.gather(items(from, from + 100)).join();
            stored.gather(items(3000 + from, 3000 + from + 100)).join(); // unknown ones
            assertThat(world.cache.bytes()).isBetween(1L, 50_000L);
        }

        assertThat(world.cache.bytes()).isGreaterThan(40_000);
    }

    @Test
    void unknownItemsAreAskedOfTheStoreOnce() {
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 300, 5, random));
        GatedFileSystem.reset();

        List<Item> unknown = List.of(Item.ofId("299 and a half"), Item.ofId("zzz"));
        for (int i = 0; i < 3; i++) {
            FeaturesAtHand atHand = stored.gather(unknown).join();
            unknown.forEach(item -> assertThat(atHand.features(item)).isEmpty());
        }

        assertThat(GatedFileSystem.READERS).hasSizeBetween(1, 2);
        assertThat(world.cache.misses()).isEqualTo(2);
        assertThat(world.cache.hits()).isEqualTo(4);
    }

    @Test
    void aStoreThatFailsIsNeverTakenForAnUnknownItem() {
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 300, 5, random));
        GatedFileSystem.set(() -> {
            throw new IOException("the worker is gone");
        });

        assertFails(
                ErrorCode.STORE_UNAVAILABLE, () -> stored.gather(items(0, 300)).join());
        assertFails(ErrorCode.STORE_UNAVAILABLE, () -> stored.scan((id, features, offset, noise) -> {})
                .join());

        GatedFileSystem.reset();
        assertThat(stored.gather(items(5, 6)).join().features(Item.ofId("5"))).isPresent();
    }

    @Test
    void whoeverWaitsForAReadThatFailsIsToldSo() {
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 300, 5, random));
        CountDownLatch isOpen = new CountDownLatch(1);
        hold(isOpen);
        List<CompletableFuture<FeaturesAtHand>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(stored.gather(items(7, 8)));
        }
        Eventually.await("it is being read", () -> GatedFileSystem.READERS.size() == 1);
        GatedFileSystem.set(() -> {
            throw new IOException("the worker is gone");
        });
        world.readers.shutdownNow(); // the read that is held up fails

        answers.forEach(answer -> assertFails(ErrorCode.STORE_UNAVAILABLE, answer::join));
    }

    @Test
    void aStoreThatHangsIsGivenUpAndTheQueueIsBounded() {
        world.close();
        world = new FeatureWorld(folder, PLENTY, Duration.ofMillis(50));
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 300, 5, random));
        CountDownLatch isOpen = new CountDownLatch(1);
        hold(isOpen);

        assertFails(
                ErrorCode.STORE_UNAVAILABLE, () -> stored.gather(items(0, 1)).join());
        List<CompletableFuture<FeaturesAtHand>> queued = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            queued.add(stored.gather(items(10 + i, 11 + i))); // one for each thread
        }
        Eventually.await("every thread hangs", () -> GatedFileSystem.READERS.size() == 4);
        for (int i = 0; i < 200; i++) {
            queued.add(stored.gather(items(50 + i, 51 + i)));
        }
        assertFails(ErrorCode.OVERLOADED, () -> queued.get(203).join());
        assertFails(ErrorCode.STORE_UNAVAILABLE, () -> queued.get(3).join());
        isOpen.countDown();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable read) {
        assertThatThrownBy(read).satisfies(failure -> assertThat(code(failure)).isEqualTo(code));
    }

    private static ErrorCode code(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return ((VeloxException) cause).code();
    }

    @Test
    void ofAVersionThatIsReleasedNothingIsKept() {
        StoredFeatures first = world.open(FeatureWorld.random(version(1), 300, 5, random));
        StoredFeatures second = world.open(FeatureWorld.random(version(2), 300, 5, random));
        first.gather(items(0, 100)).join();
        second.gather(items(0, 50)).join();

        first.release();

        for (int i = 0; i < 100; i++) {
            assertThat(world.cache.ifPresent(version(1), Integer.toString(i))).isNull();
            assertThat(world.cache.ifPresent(version(2), Integer.toString(i)) != null)
                    .isEqualTo(i < 50);
        }
        assertThat(world.cache.bytes())
                .isEqualTo(IntStream.range(0, 50)
                        .mapToLong(i -> CachedItem.bytes(Integer.toString(i), 5))
                        .sum());
        assertThat(first.gather(items(0, 10)).join().features(Item.ofId("3"))).isPresent();
        assertThat(world.cache.ifPresent(version(1), "3")).isNull();
    }

    @Test
    void theMemoryOfAVersionThatIsReleasedIsGivenBack() {
        StoredFeatures features = world.open(FeatureWorld.random(version(1), 300, 5, random));
        features.gather(items(0, 100)).join();
        WeakReference<StoredFeatures> reference = new WeakReference<>(features);
        features.release();
        features = null;

        Eventually.await("it is collected", () -> {
            System.gc();
            return reference.get() == null;
        });
    }

    @Test
    void whatACacheDoesIsMeasured() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        world.cache.bindTo(metrics);
        StoredFeatures stored = world.open(FeatureWorld.random(version(1), 300, 5, random));

        stored.gather(items(0, 10)).join();
        stored.gather(items(5, 20)).join();

        assertThat(metrics.scrape())
                .contains("velox_feature_cache_hits_total 5.0")
                .contains("velox_feature_cache_misses_total 20.0")
                .contains("velox_feature_cache_reads_seconds_count 2")
                .contains("velox_feature_cache_bytes " + (double) world.cache.bytes())
                .contains("velox_feature_cache_warm_bytes 0.0");
    }
}
