package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.velox.core.Seeds;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorRow;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.io.Text;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTableTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 2);
    private static final int DIMENSION = 3;

    /** Around the surrogates, where the order of UTF-8 is not that of UTF-16. */
    private static final List<String> STRANGE = List.of("\uffff", "😀", "ключ/%2F", "日本");

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
    void everyRowIsFoundWithTheBitsOfTheTableInMemory() throws IOException {
        Random random = Seeds.random("everyRowIsFound");
        for (int parts = 1; parts <= 4; parts++) {
            Manifest manifest = write(new ModelVersion("als", parts), randomRows(random, 1500), parts);
            VeloxModel inMemory = store.open(manifest);
            try (StoredTable table = store.openStored(manifest).factors()) {
                assertThat(table.size()).isEqualTo(1500 + STRANGE.size());
                Set<String> scanned = new HashSet<>();
                table.scan(() -> true, (id, features, offset, noise) -> {
                    assertSame(inMemory, id, new FactorRow(features, offset, noise), random);
                    scanned.add(id);
                });
                assertThat(scanned).hasSize(1500 + STRANGE.size()).containsAll(STRANGE);
                List<String> asked = new ArrayList<>(scanned).subList(0, 300);
                asked.addAll(STRANGE);
                Map<String, FactorRow> found = table.find(asked);
                assertThat(found).containsOnlyKeys(asked);
                found.forEach((id, row) -> assertSame(inMemory, id, row, random));
            }
        }
    }

    private static void assertSame(VeloxModel inMemory, String id, FactorRow row, Random random) {
        double[] weights = random.doubles(DIMENSION).toArray();
        FeatureVector expected = inMemory.features(Item.ofId(id)).orElseThrow();
        assertThat(row.score(weights)).isEqualTo(expected.score(weights));
        assertThat(row.vector().values()).isEqualTo(expected.values());
        assertThat(row.vector().offset()).isEqualTo(expected.offset());
        assertThat(row.vector().noise()).isEqualTo(expected.noise());
    }

    @Test
    void whatTheTableDoesNotHaveIsNotFound() throws IOException {
        Manifest manifest = write(VERSION, randomRows(Seeds.random("notFound"), 300), 2);
        StoredFactorModel model = store.openStored(manifest);
        assertThat(model.factors().find(List.of("\u0001before all", "item 5 and a half", "\udbff\udfff after all")))
                .isEmpty();
        assertThat(model.features(Item.ofId("unheard of"))).isEmpty();
        assertThat(model.features(Item.ofId("😀"))).isPresent();
        assertThatThrownBy(() -> model.check(Item.ofJson(JsonNodeFactory.instance.arrayNode())))
                .hasMessageContaining("item must be an id");
    }

    @Test
    void aScanEndsWhenNobodyWantsItAnyMore() throws IOException {
        Manifest manifest = write(VERSION, randomRows(Seeds.random("aScanEnds"), 600), 3);
        AtomicInteger rows = new AtomicInteger();
        store.openStored(manifest)
                .factors()
                .scan(() -> rows.get() == 0, (id, features, offset, noise) -> rows.incrementAndGet());
        assertThat(rows.get()).isBetween(1, 400);
    }

    @Test
    void aDamagedTableIsRefusedWhereverTheDamageIs() throws IOException {
        Random random = Seeds.random("aDamagedTable");
        Manifest manifest = write(VERSION, randomRows(random, 500), 2);
        for (StoredFile stored : manifest.files()) {
            Path file = folder.resolve("models/als/2").resolve(stored.path());
            byte[] good = Files.readAllBytes(file);
            for (int trial = 0; trial < 20; trial++) {
                byte[] flipped = good.clone();
                flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
                byte[] bad =
                        switch (random.nextInt(3)) {
                            case 0 -> flipped;
                            case 1 -> Arrays.copyOf(good, random.nextInt(good.length));
                            default -> Arrays.copyOf(good, good.length + 1);
                        };
                Files.write(file, bad);
                assertCorrupt(() -> store.openStored(manifest));
            }
            Files.delete(file);
            assertCorrupt(() -> store.openStored(manifest));
            Files.write(file, good);
        }
        assertThat(store.openStored(manifest).factors().find(STRANGE)).hasSize(STRANGE.size());
    }

    @Test
    void aFileThatChangesAfterItWasOpenedIsNotBelieved() throws IOException {
        Manifest manifest = write(VERSION, randomRows(Seeds.random("aFileThatChanges"), 500), 1);
        StoredTable table = store.openStored(manifest).factors();
        Path data = folder.resolve("models/als/2/items/part-0/data");
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - 1] ^= 1;
        Files.write(data, bytes);
        assertCorrupt(() -> table.scan(() -> true, (id, features, offset, noise) -> {}));
        Files.write(data, Arrays.copyOf(bytes, bytes.length / 2));
        assertCorrupt(() -> table.find(List.of("\uffff", "😀")));
    }

    @Test
    void aFileThatIsNotThereAfterItWasOpenedMeansThatTheStoreIsAway() throws IOException {
        Manifest manifest = write(VERSION, randomRows(Seeds.random("isNotThere"), 300), 1);
        StoredTable table = store.openStored(manifest).factors();
        table.close();
        Path part = folder.resolve("models/als/2/items/part-0");
        Files.move(part, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> table.find(STRANGE))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        Files.move(folder.resolve("elsewhere"), part);
        assertThat(table.find(STRANGE)).hasSize(STRANGE.size());
    }

    @Test
    void partsThatOverlapAreRefused() throws IOException {
        List<StoredFile> files = new ArrayList<>(part("items/a", Map.of("1", row(1), "5", row(5))));
        files.addAll(part("items/b", Map.of("3", row(3))));
        assertThatThrownBy(() -> store.openStored(ManifestTest.als(2, files)))
                .hasMessageContaining("item '3' after '5'");
        files.addAll(part("items/c", Map.of("5", row(5))));
        files.subList(2, 4).clear();
        assertThatThrownBy(() -> store.openStored(ManifestTest.als(2, files)))
                .hasMessageContaining("has item '5' twice");
    }

    @Test
    void rowsOfAnotherLengthAndTablesWithoutRowsAreRefused() throws IOException {
        List<StoredFile> files = new ArrayList<>(part("items/a", Map.of("1", new float[DIMENSION + 1])));
        assertCorrupt(() -> store.openStored(ManifestTest.als(2, files)));
        assertCorrupt(() -> store.openStored(ManifestTest.als(2, List.of())));
        List<StoredFile> empty = part("items/b", Map.of());
        assertThatThrownBy(() -> store.openStored(ManifestTest.als(2, empty))).hasMessageContaining("has no items");
        assertCorrupt(() -> store.openStored(
                ManifestTest.als(2, part("items/c", Map.of("1", row(1))).subList(0, 1))));
    }

    @Test
    void theSizeOfTheItemTableIsThatOfItsFiles() throws IOException {
        Manifest manifest = write(VERSION, Map.of("1", row(1)), 1);
        long bytes = 0;
        for (String file : List.of("data", "index")) {
            bytes += Files.size(folder.resolve("models/als/2/items/part-0").resolve(file));
        }
        assertThat(manifest.itemBytes()).isEqualTo(bytes);
    }

    private static void assertCorrupt(ThrowingCallable opening) {
        assertThatThrownBy(opening).isInstanceOfSatisfying(VeloxException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CORRUPT_MODEL));
    }

    private static float[] row(float value) {
        float[] row = new float[DIMENSION];
        Arrays.fill(row, value);
        return row;
    }

    private static Map<String, float[]> randomRows(Random random, int n) {
        Map<String, float[]> rows = new TreeMap<>();
        while (rows.size() < n) {
            float[] row = new float[DIMENSION];
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian();
            }
            rows.put("item " + random.nextInt(1_000_000), row);
        }
        STRANGE.forEach(id -> rows.put(id, row(id.length())));
        return rows;
    }

    /** In contiguous parts by UTF-8, as training writes them. */
    private Manifest write(ModelVersion version, Map<String, float[]> rows, int parts) throws IOException {
        List<String> ids = new ArrayList<>(inOrder(rows));
        List<StoredFile> files = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            Map<String, float[]> mine = new TreeMap<>();
            ids.subList(part * ids.size() / parts, (part + 1) * ids.size() / parts)
                    .forEach(id -> mine.put(id, rows.get(id)));
            files.addAll(part(version, "items/part-" + part, mine));
        }
        Collections.shuffle(files, Seeds.random("order of parts"));
        return ManifestTest.als(version.version(), files);
    }

    private List<StoredFile> part(String part, Map<String, float[]> rows) throws IOException {
        return part(VERSION, part, rows);
    }

    private List<StoredFile> part(ModelVersion version, String part, Map<String, float[]> rows) throws IOException {
        try (FactorFile.Writer out = store.createPart(version, part)) {
            for (String id : inOrder(rows)) {
                out.add(id, rows.get(id), rows.get(id)[0] * 2, Math.abs(rows.get(id)[1]));
            }
        }
        return store.describePart(version, part);
    }

    private static List<String> inOrder(Map<String, float[]> rows) {
        return rows.keySet().stream()
                .sorted((a, b) -> new Text(a).compareTo(new Text(b)))
                .toList();
    }
}
