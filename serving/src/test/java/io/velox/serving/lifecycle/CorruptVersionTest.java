package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.VersionState;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What a training published damaged is refused, wherever the damage is, and the version before it answers on. */
class CorruptVersionTest {
    private static final int TIMES = 200;
    private static final ModelVersion LIVE = new ModelVersion("als", 1);

    @TempDir
    Path folder;

    private LifecycleWorld world;

    /** Each refusal is logged with where it came from, which nobody wants to read hundreds of times. */
    @BeforeAll
    @AfterAll
    static void beQuietOrLoudAgain() {
        for (Class<?> talker : List.of(LoadedModels.class, ModelLifecycle.class)) {
            Logger logger = (Logger) LoggerFactory.getLogger(talker);
            logger.setLevel(logger.getLevel() == Level.OFF ? null : Level.OFF);
        }
    }

    @BeforeEach
    void aLiveVersion() {
        world = new LifecycleWorld(folder);
        world.liveVersion("u1", "u2");
        world.tailUsers.add("u3");
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedVersionIsRefusedAndTheLiveOneAnswersOn(Damage damage) throws IOException {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        System.out.println("velox.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < TIMES; i++) {
            int number = publish();
            String what = damage.in(folderOf(number), random);
            world.run();
            assertRefused(number, what);
        }
        world.liveVersion("u1", "u2");
        assertThat(world.catalogue.get("als").active().orElseThrow().version())
                .as("a version that is whole goes live")
                .isGreaterThan(TIMES);
    }

    @Test
    void aVersionOfANewerFormatIsRefused() throws IOException {
        world.retrain("als").join();
        int number = trained();
        Manifest manifest = world.versions.store().readManifest(ModelStore.manifestAddress(LIVE));
        world.versions.store().writeManifest(ofNewerFormat(manifest, number));
        world.completeWithoutManifest();
        world.run();
        assertRefused(number, "format " + (Manifest.FORMAT + 1));
        assertThat(failure()).contains("its format is " + (Manifest.FORMAT + 1) + ", but this build reads 1 to");
    }

    private static Manifest ofNewerFormat(Manifest manifest, int number) {
        return new Manifest(
                Manifest.FORMAT + 1,
                manifest.model(),
                number,
                manifest.kind(),
                manifest.dimension(),
                manifest.prior(),
                manifest.noise(),
                manifest.inputs(),
                manifest.metrics(),
                manifest.hyperparameters(),
                manifest.createdAt(),
                manifest.cut(),
                manifest.counts(),
                manifest.repeat(),
                manifest.files());
    }

    @Test
    void whatAWriterLeftThatWasKilledIsDeletedAndTheNextAttemptPublishes() throws IOException {
        for (Unfinished left : Unfinished.values()) {
            world.retrain("als").join();
            int number = trained();
            left.write(folderOf(1), folderOf(number));
            world.trainingFails("the training process ended with exit code 137; see its log");
            world.run();
            assertRefused(number, left.name());
            assertThat(failure()).contains("exit code 137");
            assertThat(world.catalogue
                            .get("als")
                            .currentTraining()
                            .orElseThrow()
                            .retryAt())
                    .isNotNull();
            assertThat(folderOf(number)).as("what is left of %s", left).doesNotExist();
        }
        world.liveVersion("u1", "u2");
        assertThat(world.catalogue.get("als").active().orElseThrow().version()).isEqualTo(trained());
    }

    /** Where a writer was killed. */
    private enum Unfinished {
        BEFORE_THE_DATA {
            @Override
            void write(Path complete, Path target) {}
        },
        IN_MID_FILE {
            @Override
            void write(Path complete, Path target) throws IOException {
                byte[] data = Files.readAllBytes(complete.resolve("items/part-0/data"));
                Files.createDirectories(target.resolve("items/part-0"));
                Files.write(target.resolve("items/part-0/data"), Arrays.copyOf(data, data.length / 2));
                Files.createFile(target.resolve("items/part-0/index"));
            }
        },
        BEFORE_THE_MANIFEST {
            @Override
            void write(Path complete, Path target) throws IOException {
                for (Path file : Damage.files(complete)) {
                    Path copy = target.resolve(complete.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
                Files.move(target.resolve("manifest.json"), target.resolve(".manifest.json.0123"));
            }
        };

        abstract void write(Path complete, Path target) throws IOException;
    }

    /** Trains a version to its end; its files are there, and nobody has looked at them yet. */
    private int publish() {
        world.retrain("als").join();
        world.trainingEnds(List.of("u1", "u2"));
        return trained();
    }

    private int trained() {
        return world.requests.get(world.requests.size() - 1).version().version();
    }

    private String failure() {
        return world.catalogue
                .get("als")
                .currentTraining()
                .map(Training::failure)
                .orElse("");
    }

    private Path folderOf(int version) {
        return folder.resolve("models/als/" + version);
    }

    /** Without a manifest that can be read nothing is published, and the training has failed; else the version is rejected. */
    private void assertRefused(int number, String damage) {
        CatalogueEntry entry = world.catalogue.get("als");
        boolean isRejected = entry.version(number).map(Version::state).stream().anyMatch(VersionState.REJECTED::equals);
        boolean hasFailed = entry.version(number).isEmpty() && !failure().isEmpty();
        assertThat(isRejected || hasFailed)
                .as("version %d, %s: %s", number, damage, entry)
                .isTrue();
        assertThat(entry.active()).as(damage).map(Version::version).contains(1);
        assertThat(world.loaded(LIVE).orElseThrow().model().features(Item.ofId("i1")))
                .as(damage)
                .isPresent();
        assertThat(world.loaded(new ModelVersion("als", number))).as(damage).isEmpty();
    }
}
