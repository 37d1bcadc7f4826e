package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.VeloxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.MapFile;
import org.apache.hadoop.io.Text;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 2);
    private static final int DIMENSION = 3;

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
    void aVersionIsReadAsItWasWritten() throws IOException {
        Random random = Seeds.random("aVersionIsRead");
        Map<String, float[]> items = randomRows(random, 5000);
        Manifest manifest = writeVersion(items, 3);

        assertThat(store.readManifest(ModelStore.manifestAddress(VERSION))).isEqualTo(manifest);
        VeloxModel model = store.open(manifest);
        assertThat(model.id()).isEqualTo(VERSION);
        assertThat(model.prior()).isEqualTo(manifest.prior());
        assertThat(model.noise()).isEqualTo(manifest.noise());
        items.forEach((id, row) -> {
            FeatureVector f = model.features(Item.ofId(id)).orElseThrow();
            assertThat(f.values()).containsExactly(row[0], row[1], row[2]);
            assertThat(f.offset()).isEqualTo(row[3]);
            assertThat(f.noise()).isEqualTo(row[4]);
        });
        assertThat(model.features(Item.ofId("not there"))).isEmpty();
    }

    @Test
    void theUsersThatTrainingSawAreStreamed() throws IOException {
        Manifest manifest = writeVersion(Map.of("1", new float[5]), 1);
        Map<String, float[]> users = new TreeMap<>();
        store.readUsers(manifest, (id, features, offset, noise) -> users.put(id, features));
        assertThat(users).containsOnlyKeys("u1", "u2");
        assertThat(users.get("u2")).containsExactly(2, 2, 2);
    }

    @Test
    void whatAConsumerThrowsIsNotTheVersionsFault() throws IOException {
        Manifest manifest = writeVersion(Map.of("1", new float[5]), 1);
        assertThatThrownBy(() -> store.readUsers(manifest, (id, features, offset, noise) -> {
                    throw new IllegalStateException("no room");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no room");
    }

    @Test
    void aPartIsAMapFileThatFindsOneKeyWithoutReadingTheRest() throws IOException {
        Map<String, float[]> items = randomRows(Seeds.random("aPartIsAMapFile"), 1000);
        writeVersion(items, 1);
        Path part = versionFolder().resolve("items/part-0");
        try (MapFile.Reader reader =
                new MapFile.Reader(new org.apache.hadoop.fs.Path(part.toUri()), new Configuration())) {
            BytesWritable value = new BytesWritable();
            for (Map.Entry<String, float[]> item : items.entrySet()) {
                assertThat(reader.get(new Text(item.getKey()), value)).isNotNull();
                assertThat(java.nio.ByteBuffer.wrap(value.getBytes()).getFloat())
                        .isEqualTo(item.getValue()[3]);
            }
            assertThat(reader.get(new Text("not there"), value)).isNull();
        }
        assertThat(Files.size(part.resolve("index"))).isLessThan(Files.size(part.resolve("data")) / 20);
    }

    @Test
    void aLinearVersionIsItsManifest() throws IOException {
        Manifest manifest = linear(1);
        store.writeManifest(manifest);
        assertThat(store.open(store.readManifest(ModelStore.manifestAddress(manifest.id()))))
                .isEqualTo(new LinearModel(manifest.id(), LinearInputs.array(2), Prior.zero(3, 1), 1));
    }

    @Test
    void aDamagedVersionIsCorruptWhereverTheDamageIs() throws IOException {
        Random random = Seeds.random("aDamagedVersion");
        Manifest manifest = writeVersion(randomRows(random, 300), 2);
        List<Path> files = new ArrayList<>();
        for (StoredFile file : manifest.files()) {
            if (file.path().startsWith("items/")) {
                files.add(versionFolder().resolve(file.path()));
            }
        }
        files.add(versionFolder().resolve("manifest.json"));
        for (int trial = 0; trial < 100; trial++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] good = Files.readAllBytes(file);
            String damage =
                    switch (random.nextInt(4)) {
                        case 0 -> flipBit(random, file, good);
                        case 1 -> truncate(random, file, good);
                        case 2 -> append(file, good);
                        default -> delete(file);
                    };
            assertCorrupt(damage + " of " + file, this::openFromStore);
            Files.write(file, good);
        }
        assertThat(openFromStore().id()).isEqualTo(VERSION);
    }

    @Test
    void damagedUsersAreFoundWhenTheyAreRead() throws IOException {
        Manifest manifest = writeVersion(Map.of("1", new float[5]), 1);
        flipBit(Seeds.random("damagedUsers"), versionFolder().resolve("users/part-0/data"));
        assertThat(openFromStore().id()).isEqualTo(VERSION);
        assertCorrupt("users", () -> store.readUsers(manifest, (id, features, offset, noise) -> {}));
    }

    @Test
    void aDamagedFileThatNothingReadsIsFoundWhenTheRestIsVerified() throws IOException {
        List<StoredFile> files = new ArrayList<>(writeItems(Map.of("1", new float[5]), 1));
        try (FactorFile.Writer out = store.createPart(VERSION, "posterior/part-0")) {
            out.add("1", new float[9], 0, 0);
        }
        files.addAll(store.describePart(VERSION, "posterior/part-0"));
        Manifest manifest = ManifestTest.als(2, files);
        store.verifyOthers(manifest);
        Random random = Seeds.random("damagedRest");
        for (String name : List.of("data", "index")) {
            Path file = versionFolder().resolve("posterior/part-0").resolve(name);
            byte[] good = Files.readAllBytes(file);
            flipBit(random, file, good);
            assertCorrupt("a flipped bit of " + name, () -> store.verifyOthers(manifest));
            truncate(random, file, good);
            assertCorrupt("a shorter " + name, () -> store.verifyOthers(manifest));
            delete(file);
            assertCorrupt("no " + name, () -> store.verifyOthers(manifest));
            Files.write(file, good);
        }
        store.verifyOthers(manifest);
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        Manifest next = withFormat(Manifest.FORMAT + 1);
        store.writeManifest(next);
        String address = ModelStore.manifestAddress(next.id());
        assertThatThrownBy(() -> store.readManifest(address))
                .isInstanceOfSatisfying(VeloxException.class, ModelStoreTest::assertCorrupt)
                .hasMessage(address + " cannot be read: its format is 2, but this build reads 1 to 1");
    }

    @Test
    void aManifestUnderAnotherVersionsAddressIsRefused() throws IOException {
        store.writeManifest(linear(1));
        Path other = folder.resolve("models/linear/2/manifest.json");
        Files.createDirectories(other.getParent());
        Files.copy(folder.resolve("models/linear/1/manifest.json"), other);
        assertCorrupt("copied manifest", () -> store.readManifest("models/linear/2/manifest.json"));
    }

    @Test
    void aVersionWithoutAManifestDoesNotExist() throws IOException {
        writeItems(Map.of("1", new float[5]), 1);
        String address = ModelStore.manifestAddress(VERSION);
        assertThatThrownBy(() -> store.readManifest(address))
                .isInstanceOfSatisfying(VeloxException.class, ModelStoreTest::assertCorrupt)
                .hasMessage(address + " does not exist");
    }

    @Test
    void aManifestIsWrittenOnce() throws IOException {
        store.writeManifest(linear(1));
        byte[] before = Files.readAllBytes(folder.resolve("models/linear/1/manifest.json"));
        assertThatThrownBy(() -> store.writeManifest(linear(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exists already");
        assertThat(Files.readAllBytes(folder.resolve("models/linear/1/manifest.json")))
                .isEqualTo(before);
        assertThat(filesBelow(folder)).containsExactly("models/linear/1/manifest.json");
    }

    @Test
    void partsAreNeverOverwritten() throws IOException {
        writeItems(Map.of("1", new float[5]), 1);
        assertThatThrownBy(() -> store.createPart(VERSION, "items/part-0")).isInstanceOf(IOException.class);
    }

    @Test
    void nothingLiesBesideTheFilesThatTheManifestNames() throws IOException {
        Manifest manifest = writeVersion(Map.of("1", new float[5]), 1);
        List<String> expected = new ArrayList<>(List.of("manifest.json"));
        manifest.files().forEach(file -> expected.add(file.path()));
        assertThat(filesBelow(versionFolder())).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void checksumFilesOfOtherWritersAreIgnored() throws IOException {
        writeVersion(Map.of("1", new float[5]), 1);
        Files.write(
                versionFolder().resolve(".manifest.json.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
        assertThat(openFromStore().id()).isEqualTo(VERSION);
    }

    @Test
    void rowsThatAreNotFiniteAreRefusedWhenWrittenAndWhenRead() throws IOException {
        float[][] bad = {
            {Float.NaN, 0, 0, 0, 0},
            {0, Float.POSITIVE_INFINITY, 0, 0, 0},
            {0, 0, 0, Float.NaN, 0},
            {0, 0, 0, 0, Float.NEGATIVE_INFINITY},
            {0, 0, 0, 0, -1}
        };
        for (int i = 0; i < bad.length; i++) {
            String part = "items/bad-" + i;
            float[] row = bad[i];
            try (FactorFile.Writer out = store.createPart(VERSION, part)) {
                assertThatThrownBy(() -> out.add("x", Arrays.copyOf(row, 3), row[3], row[4]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("row 'x' must be finite");
            }
        }
        Manifest manifest = writeVersion(Map.of("a", new float[] {1, 2, 3, 4, 5}), 1);
        Path data = versionFolder().resolve("items/part-0/data");
        byte[] bytes = Files.readAllBytes(data);
        byte[] two = java.nio.ByteBuffer.allocate(4).putFloat(2).array();
        int at = indexOf(bytes, two);
        java.nio.ByteBuffer.wrap(bytes).putFloat(at, Float.NaN);
        Files.write(data, bytes);
        Manifest consistent = withItems(manifest);
        assertThatThrownBy(() -> store.open(consistent))
                .isInstanceOfSatisfying(VeloxException.class, ModelStoreTest::assertCorrupt)
                .hasMessageContaining("row 'a' must be finite");
    }

    @Test
    void idsAscendByTheirBytesEachOnce() throws IOException {
        try (FactorFile.Writer out = store.createPart(VERSION, "items/part-0")) {
            out.add("\uffff", new float[3], 0, 0);
            out.add("😀", new float[3], 0, 0); // after U+FFFF in UTF-8, before it in UTF-16
            assertThatThrownBy(() -> out.add("😀", new float[3], 0, 0))
                    .hasMessageContaining("id '😀' must come after '😀'");
            assertThatThrownBy(() -> out.add("a", new float[3], 0, 0)).hasMessageContaining("must come after");
        }
    }

    @Test
    void anItemInTwoPartsIsCorrupt() throws IOException {
        List<StoredFile> files = new ArrayList<>(writeItems(Map.of("1", new float[5]), 1));
        try (FactorFile.Writer out = store.createPart(VERSION, "items/again")) {
            out.add("1", new float[3], 0, 0);
        }
        files.addAll(store.describePart(VERSION, "items/again"));
        assertCorrupt("twice", () -> store.open(ManifestTest.als(2, files)));
    }

    @Test
    void itemsOfAnotherDimensionAreCorrupt() throws IOException {
        try (FactorFile.Writer out = store.createPart(VERSION, "items/part-0")) {
            out.add("1", new float[4], 0, 0);
        }
        List<StoredFile> files = store.describePart(VERSION, "items/part-0");
        assertCorrupt("dimension", () -> store.open(ManifestTest.als(2, files)));
    }

    @Test
    void aVersionWithoutItemsIsCorrupt() {
        assertCorrupt("no items", () -> store.open(ManifestTest.als(2, List.of())));
    }

    @Test
    void versionNumbersAreThoseInUseCompleteOrNot() throws IOException {
        assertThat(store.versionNumbers("linear")).isEmpty();
        store.writeManifest(linear(10));
        store.writeManifest(linear(9));
        Files.createDirectories(folder.resolve("models/linear/11/items"));
        Files.createDirectories(folder.resolve("models/linear/history"));
        Files.createDirectories(folder.resolve("models/linear/0"));
        assertThat(store.versionNumbers("linear")).containsExactly(9, 10, 11);
    }

    @Test
    void aStoreThatCannotBeReachedIsUnavailable() {
        assertThatThrownBy(() -> ModelStore.open(URI.create("nosuch://host/velox"), Map.of()))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }

    @Test
    void aRelativeRootIsTakenFromTheWorkingDirectory() {
        URI root = ModelStore.absolute(URI.create("file:./target/a%20store/../store"));
        assertThat(root)
                .isEqualTo(Path.of("target/store").toAbsolutePath().toUri().resolve("store"));
        assertThat(ModelStore.absolute(URI.create("alluxio://h:1/velox"))).hasToString("alluxio://h:1/velox");
        assertThat(ModelStore.absolute(URI.create("file:///var/velox"))).hasToString("file:///var/velox");
        try (ModelStore relative = ModelStore.open(URI.create("file:./target/no-such-store"), Map.of())) {
            assertThat(relative.versionNumbers("als")).isEmpty();
        }
    }

    @Test
    void hadoopPropertiesReachTheFileSystem() {
        try (ModelStore configured = ModelStore.open(folder.toUri(), Map.of("io.file.buffer.size", "8192"))) {
            assertThat(configured.fileSystem().getConf().get("io.file.buffer.size"))
                    .isEqualTo("8192");
        }
    }

    private VeloxModel openFromStore() {
        return store.open(store.readManifest(ModelStore.manifestAddress(VERSION)));
    }

    private Path versionFolder() {
        return folder.resolve("models/als/2");
    }

    private Manifest writeVersion(Map<String, float[]> items, int parts) throws IOException {
        List<StoredFile> files = new ArrayList<>(writeItems(items, parts));
        try (FactorFile.Writer out = store.createPart(VERSION, "users/part-0")) {
            out.add("u1", new float[] {1, 1, 1}, 0, 0);
            out.add("u2", new float[] {2, 2, 2}, 0, 0);
        }
        files.addAll(store.describePart(VERSION, "users/part-0"));
        Manifest manifest = ManifestTest.als(2, files);
        store.writeManifest(manifest);
        return manifest;
    }

    private List<StoredFile> writeItems(Map<String, float[]> items, int parts) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int mine = part;
            String name = "items/part-" + part;
            try (FactorFile.Writer out = store.createPart(VERSION, name)) {
                items.forEach((id, row) -> {
                    if (Math.floorMod(id.hashCode(), parts) == mine) {
                        add(out, id, row);
                    }
                });
            }
            files.addAll(store.describePart(VERSION, name));
        }
        return files;
    }

    private static void add(FactorFile.Writer out, String id, float[] row) {
        try {
            out.add(id, Arrays.copyOf(row, DIMENSION), row[DIMENSION], row[DIMENSION + 1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Manifest withItems(Manifest manifest) throws IOException {
        List<StoredFile> files = store.describePart(VERSION, "items/part-0");
        assertThat(files).isNotEqualTo(manifest.files());
        return ManifestTest.als(2, files);
    }

    private static Map<String, float[]> randomRows(Random random, int n) {
        Map<String, float[]> rows = new TreeMap<>();
        while (rows.size() < n) {
            float[] row = new float[DIMENSION + 2];
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.abs((float) random.nextGaussian());
            }
            rows.put("item " + random.nextInt(1_000_000), row);
        }
        return rows;
    }

    private static Manifest linear(int version) {
        return linear(Manifest.FORMAT, version);
    }

    private static Manifest withFormat(int format) {
        return linear(format, 1);
    }

    private static Manifest linear(int format, int version) {
        return new Manifest(
                format,
                "linear",
                version,
                ModelKind.LINEAR,
                3,
                Prior.zero(3, 1),
                1,
                LinearInputs.array(2),
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                List.of());
    }

    private static String flipBit(Random random, Path file) throws IOException {
        return flipBit(random, file, Files.readAllBytes(file));
    }

    private static String flipBit(Random random, Path file, byte[] good) throws IOException {
        byte[] bad = good.clone();
        int at = random.nextInt(bad.length);
        int bit = random.nextInt(8);
        bad[at] ^= (byte) (1 << bit);
        Files.write(file, bad);
        return "flipped bit " + bit + " of byte " + at;
    }

    private static String truncate(Random random, Path file, byte[] good) throws IOException {
        int length = random.nextInt(good.length);
        Files.write(file, Arrays.copyOf(good, length));
        return "only " + length + " bytes";
    }

    private static String append(Path file, byte[] good) throws IOException {
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        return "one byte too many";
    }

    private static String delete(Path file) throws IOException {
        Files.delete(file);
        return "loss";
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not there");
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    private static void assertCorrupt(String what, ThrowingCallable call) {
        assertThatThrownBy(call).as(what).isInstanceOfSatisfying(VeloxException.class, ModelStoreTest::assertCorrupt);
    }

    private static void assertCorrupt(VeloxException e) {
        assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.CORRUPT_MODEL);
    }
}
