package io.velox.job.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.job.Seeds;
import io.velox.job.TestModels;
import io.velox.job.TestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's loader, over a store on disk, announces a damaged version as rejected, wherever the damage is, and goes on. */
class CorruptVersionTest {
    private static final int TIMES = 200;
    private static final ModelVersion LIVE = new ModelVersion("als", 1);
    private static final ModelVersion NEXT = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private final RandomGenerator random = Seeds.random();
    private KeyedOneInputStreamOperatorTestHarness<String, CatalogueRecord, CatalogueElement> loader;
    private List<Path> files;
    private long position;

    @BeforeEach
    void aLoadedVersionAndACompleteOne() throws Exception {
        List<String> items =
                IntStream.range(1000, 1300).mapToObj(i -> "item " + i).toList();
        try (ModelStore store = TestStore.open(folder)) {
            TestStore.write(store, TestModels.factors(LIVE, 4, items, random));
            TestStore.write(store, TestModels.factors(NEXT, 4, items, random));
        }
        try (Stream<Path> found = Files.walk(folder.resolve("models/als/2"))) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        loader = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new CatalogueLoader(
                        () -> new Catalogue(Map.of()),
                        new StoredVersionReader(folder.toUri().toString(), Map.of()))),
                CatalogueRecord::model,
                Types.STRING);
        loader.setup(CatalogueElementSerializer.INSTANCE);
        loader.open();
        announce(VersionState.RETIRED);
        assertThat(loader.extractOutputValues()).last().isInstanceOf(CatalogueElement.Dropped.class);
    }

    @AfterEach
    void close() throws Exception {
        loader.close();
    }

    @Test
    void aVersionIsRejectedThatIsTruncatedAtAnyLength() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Path file = anyFile();
            byte[] good = Files.readAllBytes(file);
            int length = random.nextInt(good.length);
            Files.write(file, Arrays.copyOf(good, length));
            assertRejected(folder.relativize(file) + " cut to " + length + " of " + good.length + " bytes");
            Files.write(file, good);
        }
        assertLoaded();
    }

    @Test
    void aVersionIsRejectedOfWhichAnyBitIsFlipped() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Path file = anyFile();
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            int bit = random.nextInt(8 * good.length);
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, bad);
            assertRejected(folder.relativize(file) + " with bit " + bit + " flipped");
            Files.write(file, good);
        }
        assertLoaded();
    }

    @Test
    void aVersionIsRejectedOfWhichAnyFileIsMissing() throws Exception {
        for (Path file : files) {
            byte[] good = Files.readAllBytes(file);
            Files.delete(file);
            assertRejected(folder.relativize(file) + " missing");
            Files.write(file, good);
        }
        assertLoaded();
    }

    @Test
    void aVersionOfANewerFormatIsRejected() throws Exception {
        Path manifest = folder.resolve("models/als/2/manifest.json");
        byte[] good = Files.readAllBytes(manifest);
        Files.delete(manifest);
        try (ModelStore store = TestStore.open(folder)) {
            store.writeManifest(ofNewerFormat(store.readManifest(ModelStore.manifestAddress(LIVE))));
        }
        assertRejected("newer format");
        Files.write(manifest, good);
        assertLoaded();
    }

    private static Manifest ofNewerFormat(Manifest manifest) {
        return new Manifest(
                Manifest.FORMAT + 1,
                NEXT.model(),
                NEXT.version(),
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

    private Path anyFile() {
        return files.get(random.nextInt(files.size()));
    }

    private void assertRejected(String damage) throws Exception {
        assertThat(announced(VersionState.PUBLISHED)).as(damage).singleElement().satisfies(element -> {
            assertThat(element).isInstanceOf(CatalogueElement.Rejected.class);
            assertThat(((CatalogueElement.Rejected) element).reason()).contains("als/2");
        });
        announce(VersionState.RETIRED);
    }

    private void assertLoaded() throws Exception {
        assertThat(announced(VersionState.PUBLISHED))
                .as("the version as it was")
                .last()
                .isInstanceOf(CatalogueElement.Complete.class);
    }

    /** What the loader says of the second version, the first being live all the time. */
    private List<CatalogueElement> announced(VersionState state) throws Exception {
        int before = loader.extractOutputValues().size();
        announce(state);
        List<CatalogueElement> all = loader.extractOutputValues();
        return all.subList(before, all.size());
    }

    private void announce(VersionState state) throws Exception {
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS)
                .with(version(LIVE, VersionState.ACTIVE))
                .with(version(NEXT, state));
        loader.processElement(new CatalogueRecord(++position, entry), 0);
    }

    private static CatalogueEntry.Version version(ModelVersion id, VersionState state) {
        return new CatalogueEntry.Version(
                id.version(), state, ModelStore.manifestAddress(id), Instant.EPOCH, null, null);
    }
}
