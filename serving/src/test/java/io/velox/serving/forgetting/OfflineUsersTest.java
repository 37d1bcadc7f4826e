package io.velox.serving.forgetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.LogCut;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.FactorFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import io.velox.core.user.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineUsersTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);
    private static final LogCut CUT = new LogCut(0, Map.of(0, 100L));
    private static final Map<String, Revision> LATER =
            Map.of("anna", new Revision(0, 0, 150), "carl", new Revision(0, 0, 160));

    @TempDir
    Path folder;

    private ModelStore store;
    private CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS);
    private boolean isCatalogueAway;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.toUri(), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void forgottenUsersLeaveEveryPartThatHasThemAndTheRestStaysAsItIs() throws Exception {
        write(VersionState.ACTIVE, List.of("anna", "ben"), List.of("carl"), List.of("dora"));
        String untouched = files("users/part-2").toString();

        assertThat(offlineUsers().forget(LATER)).isTrue();

        String address = entry.version(1).orElseThrow().manifest();
        assertThat(address).isEqualTo("models/als/1/manifest-2.json");
        assertThat(users(address)).containsExactlyInAnyOrder("ben", "dora");
        assertThat(files("users/part-2").toString()).isEqualTo(untouched);
        assertThat(mentions("anna") || mentions("carl")).isFalse();
        assertThat(mentions("ben")).isTrue();
        store.open(store.readManifest(address));
        store.open(store.readManifest(ModelStore.manifestAddress(ONE)));
    }

    @Test
    void asManyTimesAsNeeded() throws Exception {
        write(VersionState.STANDBY, List.of("anna", "ben", "carl"));
        OfflineUsers offline = offlineUsers();
        offline.forget(Map.of("anna", new Revision(0, 0, 150)));
        offline.forget(Map.of("carl", new Revision(0, 0, 160)));
        offline.forget(LATER);
        String address = entry.version(1).orElseThrow().manifest();
        assertThat(address).isEqualTo("models/als/1/manifest-3.json");
        assertThat(users(address)).containsExactly("ben");
    }

    @Test
    void aVersionWhoseTrainingKnewOfTheForgettingStaysAsItIs() throws Exception {
        write(VersionState.ACTIVE, List.of("anna"));
        assertThat(offlineUsers().forget(Map.of("anna", new Revision(0, 0, 99))))
                .isTrue();
        assertThat(entry.version(1).orElseThrow().manifest()).isEqualTo("models/als/1/manifest.json");
        assertThat(offlineUsers().forget(Map.of("anna", new Revision(1, 0, 5)))).isTrue();
        assertThat(mentions("anna")).as("a later epoch is later").isFalse();
    }

    @Test
    void aVersionThatIsBeingRebasedIsForTheNextTime() throws Exception {
        write(VersionState.REBASING, List.of("anna", "ben"));
        assertThat(offlineUsers().forget(LATER)).isFalse();
        assertThat(mentions("anna")).isTrue();
    }

    @Test
    void whatTheCatalogueDidNotTakeIsDoneAgain() throws Exception {
        write(VersionState.RETIRED, List.of("anna", "ben"));
        isCatalogueAway = true;
        assertThat(offlineUsers().forget(LATER)).isFalse();
        assertThat(users("models/als/1/manifest.json")).containsExactly("anna", "ben");
        isCatalogueAway = false;
        assertThat(offlineUsers().forget(LATER)).isTrue();
        assertThat(users(entry.version(1).orElseThrow().manifest())).containsExactly("ben");
        assertThat(mentions("anna")).isFalse();
    }

    @Test
    void aCorruptVersionIsReportedAndStopsNothing() throws Exception {
        write(VersionState.ACTIVE, List.of("anna", "ben"));
        Files.writeString(folder.resolve("models/als/1/users/part-0/data"), "no table");
        assertThat(offlineUsers().forget(LATER)).isTrue();
        Files.delete(folder.resolve("models/als/1/manifest.json"));
        assertThat(offlineUsers().forget(LATER)).isTrue();
    }

    @Test
    void whatAFailedTrainingLeftGoesAndARunningOneIsLeftAlone() throws Exception {
        write(VersionState.ACTIVE, List.of("ben"));
        entry = entry.with(new CatalogueEntry.Training(3, Instant.EPOCH, new LogCut(0, Map.of()), null));
        for (int number : new int[] {2, 3}) {
            Path part = folder.resolve("models/als/" + number + "/users/part-0/data");
            Files.createDirectories(part.getParent());
            Files.writeString(part, "anna");
        }
        assertThat(offlineUsers().forget(LATER)).isTrue();
        assertThat(folder.resolve("models/als/2/users")).doesNotExist();
        assertThat(folder.resolve("models/als/3/users/part-0/data")).exists();
    }

    private OfflineUsers offlineUsers() {
        return new OfflineUsers(store, () -> List.of(entry), (version, from, to) -> {
            Version now = entry.version(version.version()).orElseThrow();
            if (isCatalogueAway) {
                return CompletableFuture.failedFuture(new VeloxException(ErrorCode.LOG_UNAVAILABLE, "away"));
            }
            assertThat(now.manifest()).isEqualTo(from);
            entry = entry.with(now.at(to));
            return CompletableFuture.completedFuture(entry);
        });
    }

    @SafeVarargs
    private void write(VersionState state, List<String>... parts) throws IOException {
        List<StoredFile> files = new ArrayList<>(part("items/part-0", List.of("i1")));
        for (int i = 0; i < parts.length; i++) {
            files.addAll(part("users/part-" + i, parts[i]));
        }
        store.writeManifest(new Manifest(
                Manifest.FORMAT,
                "als",
                1,
                ModelKind.ALS,
                2,
                Prior.zero(2, 1),
                1,
                null,
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                CUT,
                new TreeMap<>(),
                files));
        entry = entry.with(new Version(1, state, ModelStore.manifestAddress(ONE), Instant.EPOCH, null, null));
    }

    private List<StoredFile> part(String part, List<String> ids) throws IOException {
        try (FactorFile.Writer writer = store.createPart(ONE, part)) {
            for (String id : ids) {
                writer.add(id, new float[] {1, 2}, 0, 0);
            }
        }
        return store.describePart(ONE, part);
    }

    private List<String> users(String address) {
        List<String> users = new ArrayList<>();
        store.readUsers(store.readManifest(address), (uid, weights, offset, noise) -> users.add(uid));
        return users;
    }

    private List<StoredFile> files(String part) throws IOException {
        return store.describePart(ONE, part);
    }

    /** Whether any byte of the store tells of a user. */
    private boolean mentions(String uid) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).anyMatch(file -> {
                try {
                    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(uid);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
