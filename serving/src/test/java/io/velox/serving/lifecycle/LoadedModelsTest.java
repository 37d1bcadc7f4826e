package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.LogCut;
import io.velox.core.log.VersionState;
import io.velox.core.model.Item;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import io.velox.serving.Eventually;
import io.velox.serving.ManualScheduler;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ItemFeatures;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.items.ItemRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {
    private static final ModelVersion FIRST = new ModelVersion("als", 1);
    private static final ModelVersion SECOND = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private StoredVersions versions;
    private LoadedModels models;

    @BeforeEach
    void setUp() {
        versions = new StoredVersions(folder);
        models = new LoadedModels(versions.store(), new ManualScheduler(), Runnable::run);
    }

    private void write(ModelVersion version) {
        versions.write(version, new LogCut(0, Map.of()), List.of("u"));
    }

    private void catalogue(VersionState... states) {
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS);
        for (int i = 0; i < states.length; i++) {
            ModelVersion id = new ModelVersion("als", i + 1);
            entry = entry.with(new CatalogueEntry.Version(
                    i + 1, states[i], ModelStore.manifestAddress(id), Instant.EPOCH, null, null));
        }
        models.accept(new TreeMap<>(Map.of("als", entry)));
    }

    @Test
    void whatTheCatalogueWantsLoadedIsLoadedAndWhatItNoLongerWantsIsLetGo() {
        write(FIRST);
        write(SECOND);
        catalogue(VersionState.ACTIVE, VersionState.PUBLISHED);
        assertThat(models.loaded(FIRST).orElseThrow().model().features(Item.ofId("i1")))
                .isPresent();
        assertThat(models.loaded(SECOND)).isPresent();
        catalogue(VersionState.RETIRED, VersionState.ACTIVE);
        assertThat(models.loaded(FIRST)).isEmpty();
        assertThat(models.loaded(SECOND)).isPresent();
    }

    @Test
    void aCorruptVersionIsRejectedAndTheOthersAnswer() {
        write(FIRST);
        write(SECOND);
        versions.damage(SECOND, "items/part-0/data");
        catalogue(VersionState.ACTIVE, VersionState.PUBLISHED);
        assertThat(models.loaded(FIRST)).isPresent();
        assertThat(models.loaded(SECOND)).isEmpty();
        assertThat(models.rejection(SECOND))
                .hasValueSatisfying(why -> assertThat(why).contains("als/2", "items"));
        assertThat(models.rejection(FIRST)).isEmpty();
    }

    @Test
    void aVersionWithoutAManifestIsRejected() {
        catalogue(VersionState.PUBLISHED);
        assertThat(models.rejection(FIRST))
                .hasValueSatisfying(why -> assertThat(why).contains("does not exist"));
    }

    @Test
    void theManifestOfAVersionThatIsNotLoadedIsReadFromTheStore() {
        write(FIRST);
        catalogue(VersionState.RETIRED);
        assertThat(models.loaded(FIRST)).isEmpty();
        assertThat(models.manifest(FIRST).join().id()).isEqualTo(FIRST);
        assertThatThrownBy(() -> models.manifest(SECOND).join()).hasMessageContaining("no version als/2");
    }

    /** Features that are warm when the test says so. */
    private record Warming(VeloxModel model, CompletableFuture<Void> warmed, AtomicInteger releases)
            implements ItemFeatures {
        @Override
        public CompletableFuture<FeaturesAtHand> gather(Collection<Item> items) {
            return CompletableFuture.completedFuture(new ModelFeatures(model));
        }

        @Override
        public void release() {
            releases.incrementAndGet();
        }
    }

    private final CompletableFuture<Void> isWarm = new CompletableFuture<>();
    private final AtomicInteger releases = new AtomicInteger();

    private void warmUp(Duration patience) {
        models = new LoadedModels(
                versions.store(),
                manifest -> {
                    VeloxModel model = versions.store().open(manifest);
                    return new OpenVersion(model, new Warming(model, isWarm.copy(), releases));
                },
                new ItemRegistry(new ManualScheduler()),
                patience,
                new ManualScheduler(),
                Runnable::run);
        write(FIRST);
        catalogue(VersionState.PUBLISHED);
    }

    @Test
    void aVersionCountsAsLoadedOnlyOnceItIsWarm() {
        warmUp(Duration.ofHours(1));
        assertThat(models.loaded(FIRST)).isEmpty();
        catalogue(VersionState.REBASING);
        assertThat(models.loaded(FIRST)).isEmpty();
        isWarm.complete(null);
        assertThat(models.loaded(FIRST)).isPresent();
        assertThat(releases).hasValue(0);
        catalogue(VersionState.RETIRED);
        assertThat(models.loaded(FIRST)).isEmpty();
        assertThat(releases).hasValue(1);
    }

    @Test
    void aVersionThatDoesNotGetWarmIsLoadedAllTheSame() {
        warmUp(Duration.ofMillis(1));
        Eventually.await("patience ends", () -> models.loaded(FIRST).isPresent());
        isWarm.complete(null);
        assertThat(models.loaded(FIRST)).isPresent();
    }

    @Test
    void theMemoryOfAVersionThatTheCatalogueDropsIsGivenBack() {
        write(FIRST);
        catalogue(VersionState.ACTIVE);
        WeakReference<VeloxModel> model =
                new WeakReference<>(models.loaded(FIRST).orElseThrow().model());
        catalogue(VersionState.RETIRED);
        Eventually.await("it is collected", () -> {
            System.gc();
            return model.get() == null;
        });
    }

    @Test
    void aVersionThatIsToAnswerIsLoadedWarmOrNot() {
        warmUp(Duration.ofHours(1));
        catalogue(VersionState.ACTIVE);
        assertThat(models.loaded(FIRST)).isPresent();
    }

    @Test
    void aVersionThatIsDroppedBeforeItIsWarmIsNotLoadedLater() {
        warmUp(Duration.ofHours(1));
        catalogue(VersionState.REJECTED);
        assertThat(releases).hasValue(1);
        isWarm.complete(null);
        assertThat(models.loaded(FIRST)).isEmpty();
    }
}
