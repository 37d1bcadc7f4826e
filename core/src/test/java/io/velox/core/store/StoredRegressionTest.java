package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.FactorRegression;
import io.velox.core.item.Metadata;
import io.velox.core.item.RegressionFit;
import io.velox.core.item.TrainedItem;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRegressionTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private ModelStore store;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.toUri(), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void isReadAsItWasWrittenAndBelongsToTheVersionsFiles() throws IOException {
        FactorRegression written = regression(Seeds.random("isRead"), 3);
        Manifest manifest = manifest(StoredRegression.write(store, VERSION, written));
        FactorRegression read = StoredRegression.read(store, manifest).orElseThrow();
        Metadata metadata = genre(1);
        assertThat(read.guess(metadata)).isEqualTo(written.guess(metadata));
        store.verifyOthers(manifest);
        assertThat(manifest.itemBytes()).isZero();
    }

    @Test
    void aVersionWithoutOneHasNone() {
        assertThat(StoredRegression.read(store, ManifestTest.als(2, List.of()))).isEmpty();
    }

    @Test
    void aDamagedOneIsCorrupt() throws IOException {
        Random random = Seeds.random("aDamagedOne");
        StoredFile stored = StoredRegression.write(store, VERSION, regression(random, 3));
        Manifest manifest = manifest(stored);
        Path file = folder.resolve("models/als/2").resolve(stored.path());
        byte[] good = Files.readAllBytes(file);
        for (int trial = 0; trial < 20; trial++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertCorrupt(() -> StoredRegression.read(store, manifest));
            assertCorrupt(() -> store.verifyOthers(manifest));
        }
        Files.write(file, Arrays.copyOf(good, good.length / 2));
        assertCorrupt(() -> StoredRegression.read(store, manifest));
        Files.delete(file);
        assertCorrupt(() -> StoredRegression.read(store, manifest));
    }

    @Test
    void oneThatIsNoneOrOfAnotherDimensionIsCorrupt() throws IOException {
        StoredFile stored = StoredRegression.write(store, VERSION, regression(Seeds.random("oneThatIsNone"), 4));
        assertThatThrownBy(() -> StoredRegression.read(store, manifest(stored)))
                .hasMessage("als/2: " + stored.path() + " has dimension 4, but the version has 3");
        Path file = folder.resolve("models/als/2").resolve(stored.path());
        for (String content : List.of("{}", "null", "[1]", "{\"format\":1}")) {
            Files.writeString(file, content);
            StoredFile consistent =
                    new StoredFile(stored.path(), content.length(), Sha256.of(Files.readAllBytes(file)));
            assertCorrupt(() -> StoredRegression.read(store, manifest(consistent)));
        }
    }

    private static Manifest manifest(StoredFile file) {
        return ManifestTest.als(2, List.of(file));
    }

    private static FactorRegression regression(Random random, int dimension) {
        List<TrainedItem> items = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            items.add(new TrainedItem(genre(i % 3), random.doubles(dimension).toArray(), 1 + random.nextInt(9)));
        }
        return RegressionFit.of(items, Prior.zero(dimension, 1), 1)
                .orElseThrow()
                .regression();
    }

    private static Metadata genre(int number) {
        return new Metadata(new TreeMap<>(Map.of("genre", List.of("g" + number))));
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(VeloxException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CORRUPT_MODEL));
    }
}
