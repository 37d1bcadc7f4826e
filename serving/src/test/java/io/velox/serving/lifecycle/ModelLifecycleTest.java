package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.LogCut;
import io.velox.core.log.UserRecord;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Repeat;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.serving.Eventually;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLifecycleTest {
    private static final ModelVersion FIRST = new ModelVersion("als", 1);
    private static final ModelVersion SECOND = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private LifecycleWorld world;

    @BeforeEach
    void setUp() {
        world = new LifecycleWorld(folder);
    }

    private static ErrorCode failure(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            return ((VeloxException) e.getCause()).code();
        }
        throw new AssertionError("should have failed");
    }

    @Test
    void aDeclaredModelEntersTheCatalogueWithoutVersions() {
        world.run();
        assertThat(world.catalogue.get("als")).isEqualTo(CatalogueEntry.of("als", ModelKind.ALS));
        assertThat(world.written).hasSize(1);
    }

    @Test
    void aTrainingIsToldWhatIsRegisteredOfItsModelsItems() {
        Metadata comedy = new Metadata(new TreeMap<>(Map.of("genre", List.of("Comedy"))));
        world.items.accept(new ItemRecord("als", "bare", Metadata.NONE, Instant.EPOCH), 0);
        world.items.accept(new ItemRecord("other", "1", comedy, Instant.EPOCH), 1);
        var unused = world.retrain("als").join();
        assertThat(world.requests.get(0).itemMetadata()).isEmpty();
        world.trainingEnds(List.of());
        world.run();

        world.items.accept(new ItemRecord("als", "1", comedy, Instant.EPOCH), 2);
        var again = world.retrain("als").join();

        assertThat(again.currentTraining().orElseThrow().isRunning()).isTrue();
        assertThat(world.requests.get(1).itemMetadata().map(uri -> Path.of(URI.create(uri))))
                .hasValueSatisfying(file -> assertThat(file).exists().hasFileName("items-2.ndjson.gz"));
    }

    @Test
    void aTrainedVersionIsPublishedLoadedRebasedAndLive() {
        CatalogueEntry entry = world.retrain("als").join();
        assertThat(entry.currentTraining().orElseThrow().isRunning()).isTrue();
        assertThat(world.requests.get(0).version()).isEqualTo(FIRST);
        assertThat(world.requests.get(0).cut()).isEqualTo(new LogCut(0, Map.of(0, 100L)));
        world.run();
        assertThat(world.catalogue.get("als").versions())
                .as("nothing before it is trained")
                .isEmpty();

        world.tailUsers.addAll(List.of("late", "u1"));
        world.trainingEnds(List.of("u1", "u2"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
        assertThat(world.catalogue.get("als").currentTraining()).isEmpty();
        assertThat(world.written.stream().flatMap(e -> e.versions().stream()).map(Version::state))
                .containsExactly(VersionState.PUBLISHED, VersionState.REBASING, VersionState.ACTIVE);
        assertThat(world.rebased).extracting(UserRecord.Rebased::uid).contains("u1", "u2", "late");
        assertThat(world.rebased)
                .allSatisfy(r -> assertThat(r.manifest()).isEqualTo(ModelStore.manifestAddress(FIRST)));
        assertThat(world.tailFrom).as("users of after the training's cut").isEqualTo(new LogCut(0, Map.of(0, 100L)));
    }

    @Test
    void aVersionWaitsUntilEverySubtaskHasLoadedIt() {
        world.isJobRunning = false;
        world.liveVersion("u1");
        assertThat(world.states("als")).isEqualTo("1 PUBLISHED");
        assertThat(world.rebased).isEmpty();
        world.isJobRunning = true;
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
    }

    @Test
    void theVersionThatAnsweredStandsByAndTheOneBeforeItRetires() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        world.liveVersion("u1");
        assertThat(world.states("als")).isEqualTo("1 RETIRED, 2 STANDBY, 3 ACTIVE");
    }

    @Test
    void rollingBackIsOneWriteAndAtOnce() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        int before = world.written.size();
        CatalogueEntry entry = world.activate("als", 1).join();
        assertThat(entry.active().orElseThrow().version()).isEqualTo(1);
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 STANDBY");
        assertThat(world.written).hasSize(before + 1);
        world.activate("als", 2).join();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aVersionGetsAnotherManifestAndStaysAsItIs() {
        world.liveVersion("u1");
        ModelVersion one = new ModelVersion("als", 1);
        String address = "models/als/1/manifest.json";
        CatalogueEntry entry = world.lifecycle()
                .relocate(one, address, "models/als/1/manifest-2.json")
                .join();
        assertThat(entry.active().orElseThrow().manifest()).isEqualTo("models/als/1/manifest-2.json");
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
        assertThatThrownBy(() -> world.lifecycle()
                        .relocate(one, address, "models/als/1/manifest-3.json")
                        .join())
                .hasMessageContaining("its manifest stays");
    }

    @Test
    void aVersionOnItsWayKeepsItsManifest() {
        world.retrain("als").join();
        world.isJobRunning = false;
        world.trainingEnds(List.of("u1"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 PUBLISHED");
        assertThatThrownBy(() -> world.lifecycle()
                        .relocate(new ModelVersion("als", 1), "models/als/1/manifest.json", "x")
                        .join())
                .hasMessageContaining("its manifest stays");
    }

    @Test
    void activatingTheActiveVersionChangesNothing() {
        world.liveVersion("u1");
        int before = world.written.size();
        world.activate("als", 1).join();
        assertThat(world.written).hasSize(before);
    }

    @Test
    void aRetiredVersionIsLoadedAndRebasedAgainBeforeItAnswers() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        world.liveVersion("u1");
        world.rebased.clear();
        CatalogueEntry entry = world.activate("als", 1).join();
        assertThat(entry.version(1).orElseThrow().state()).isEqualTo(VersionState.PUBLISHED);
        assertThat(entry.active().orElseThrow().version()).isEqualTo(3);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 RETIRED, 3 STANDBY");
        assertThat(world.rebased).isNotEmpty().allMatch(r -> r.version() == 1);
    }

    @Test
    void aTrainingThatFailsIsRecordedWithItsReasonAndTheNextHasAnotherNumber() {
        world.retrain("als").join();
        world.trainingFails("not enough ratings");
        world.run();
        Training failed = world.catalogue.get("als").currentTraining().orElseThrow();
        assertThat(failed.failure()).isEqualTo("not enough ratings");
        world.retrain("als").join();
        assertThat(world.requests.get(1).version()).isEqualTo(SECOND);
        world.trainingEnds(List.of("u1"));
        world.run();
        assertThat(world.states("als")).isEqualTo("2 ACTIVE");
        assertThat(world.catalogue.get("als").currentTraining()).isEmpty();
    }

    @Test
    void aTrainingThatClaimsSuccessWithoutAManifestHasFailed() {
        world.retrain("als").join();
        world.trainingFails("to be replaced");
        world.run();
        world.retrain("als").join();
        world.completeWithoutManifest();
        world.run();
        assertThat(world.catalogue.get("als").currentTraining().orElseThrow().failure())
                .contains("manifest.json does not exist");
    }

    @Test
    void numbersOfHalfWrittenVersionsInTheStoreAreNotUsedAgain() throws java.io.IOException {
        world.versions
                .store()
                .createPart(new ModelVersion("als", 7), "items/part-0")
                .close();
        world.retrain("als").join();
        assertThat(world.requests.get(0).version()).isEqualTo(new ModelVersion("als", 8));
    }

    @Test
    void aSecondTrainingOfOneModelIsRefusedWhileOneRuns() {
        world.retrain("als").join();
        assertThat(failure(world.retrain("als"))).isEqualTo(ErrorCode.RETRAIN_RUNNING);
    }

    @Test
    void requestsForWhatDoesNotExistAreRefused() {
        world.declared.put("line", LifecycleWorld.LINEAR);
        world.restart();
        world.run();
        assertThat(failure(world.retrain("nope"))).isEqualTo(ErrorCode.UNKNOWN_MODEL);
        assertThat(failure(world.activate("nope", 1))).isEqualTo(ErrorCode.UNKNOWN_MODEL);
        assertThat(failure(world.activate("als", 1))).isEqualTo(ErrorCode.UNKNOWN_VERSION);
        assertThat(failure(world.retrain("line"))).isEqualTo(ErrorCode.NOT_TRAINABLE);
    }

    @Test
    void aCorruptVersionIsRejectedAndNeverAnswers() {
        world.liveVersion("u1");
        world.retrain("als").join();
        world.trainingEnds(List.of("u1"));
        world.versions.damage(SECOND, "items/part-0/data");
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REJECTED");
        assertThat(world.catalogue.get("als").version(2).orElseThrow().reason()).contains("items/part-0");
        assertThat(failure(world.activate("als", 2))).isEqualTo(ErrorCode.VERSION_NOT_LOADED);
    }

    @Test
    void aVersionWhoseTableOfUsersIsCorruptIsRejectedToo() {
        world.retrain("als").join();
        world.trainingEnds(List.of("u1"));
        world.versions.damage(FIRST, "users/part-0/data");
        world.run();
        assertThat(world.states("als")).isEqualTo("1 REJECTED");
    }

    @Test
    void aVersionThatTheJobRefusesIsRejectedWithTheJobsReason() {
        world.isJobRunning = false;
        world.liveVersion("u1");
        world.report("job", Map.of(FIRST, "checksum"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 REJECTED");
        assertThat(world.catalogue.get("als").version(1).orElseThrow().reason()).isEqualTo("checksum");
    }

    @Test
    void whenTheActiveVersionIsFoundCorruptTheOneThatStoodByAnswersAgain() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        world.versions.damage(SECOND, "items/part-0/data");
        world.restart();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REJECTED");
    }

    @Test
    void aTrainingThatARestartInterruptedHasFailed() {
        world.retrain("als").join();
        world.restart();
        world.run();
        assertThat(world.catalogue.get("als").currentTraining().orElseThrow().failure())
                .isEqualTo("interrupted by a restart");
    }

    @Test
    void aTrainingThatHadEndedWhenTheNodeRestartedIsPublished() {
        world.retrain("als").join();
        world.trainingEnds(List.of("u1"));
        world.restart();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
    }

    /** Of the writes after a training (PUBLISHED, REBASING, CANDIDATE, ACTIVE), one is the last thing that the process does, or fails to do. */
    @ParameterizedTest
    @CsvSource({"0,true", "0,false", "1,true", "1,false", "2,true", "2,false", "3,true", "3,false"})
    void aCrashAtAnyStationIsTakenUpWhereItWas(int station, boolean isBeforeWrite) {
        world.liveVersion("u1");
        world.retrain("als").join();
        world.trainingEnds(List.of("u1", "u2"));
        int first = world.written.size();
        Consumer<CatalogueEntry> crash = entry -> {
            if (world.written.size() == first + station + (isBeforeWrite ? 0 : 1)) {
                throw LifecycleWorld.unavailable();
            }
        };
        world.beforeWrite = isBeforeWrite ? crash : entry -> {};
        world.afterWrite = isBeforeWrite ? entry -> {} : crash;
        for (int i = 0; i < 6 && world.written.size() < first + station + 1; i++) {
            world.tick();
        }
        world.beforeWrite = entry -> {};
        world.afterWrite = entry -> {};
        world.restart();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aCatalogueThatCannotBeWrittenIsTriedAgain() {
        world.retrain("als").join();
        world.trainingEnds(List.of("u1"));
        world.beforeWrite = entry -> {
            throw LifecycleWorld.unavailable();
        };
        world.run();
        assertThat(failure(world.activate("als", 1))).isEqualTo(ErrorCode.UNKNOWN_VERSION);
        world.beforeWrite = entry -> {};
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
    }

    @Test
    void aTrainingThatCouldNotBeRecordedIsNotStarted() {
        world.beforeWrite = entry -> {
            throw LifecycleWorld.unavailable();
        };
        assertThat(failure(world.retrain("als"))).isEqualTo(ErrorCode.LOG_UNAVAILABLE);
        assertThat(world.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void moreUsersThanTheWindowAreRebasedWhicheverComesFirstTheFeedOrTheLog(boolean isFeedFasterThanLog) {
        world.isFeedFasterThanLog = isFeedFasterThanLog;
        String[] users = IntStream.range(0, 50).mapToObj(i -> "u" + (100 + i)).toArray(String[]::new);
        world.liveVersion(users);
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
        assertThat(world.rebased).extracting(UserRecord.Rebased::uid).containsExactly(users);
    }

    @Test
    void aVersionIsNotLiveWhileUsersAreUnderWayAndAGapInTheFeedStartsTheRebaseAnew() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            world.rebaser = thread;
            world.restart();
            world.isJobApplying = false;
            world.liveVersion("u1", "u2");
            Eventually.await("records are sent", () -> world.rebased.size() == 2);
            world.deliver("u1", 99);
            world.deliver("u2", 99);
            world.run();
            assertThat(world.states("als")).as("older revisions are no proof").isEqualTo("1 REBASING");
            world.isJobApplying = true;
            world.lifecycle().gap();
            Eventually.await("it is live", () -> {
                world.tick();
                return world.states("als").equals("1 ACTIVE");
            });
            assertThat(world.rebased).extracting(UserRecord.Rebased::uid).containsExactly("u1", "u2", "u1", "u2");
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aDeclaredLinearModelIsBroughtToLifeFromItsDeclaration() {
        world.declared.put("line", LifecycleWorld.LINEAR);
        world.tailUsers.add("u1");
        world.restart();
        world.run();
        assertThat(world.states("line")).isEqualTo("1 ACTIVE");
        Manifest manifest = world.versions.store().readManifest("models/line/1/manifest.json");
        assertThat(manifest.kind()).isEqualTo(ModelKind.LINEAR);
        assertThat(manifest.dimension()).isEqualTo(3);
        assertThat(manifest.prior().mean()).containsOnly(0);
        assertThat(manifest.prior().covariance()[0][0]).as("noise/λ").isEqualTo(2);
        assertThat(world.rebased).extracting(UserRecord.Rebased::uid).containsExactly("u1");
        assertThat(world.tailFrom.endOffsets()).as("everyone in the log").isEmpty();
        world.restart();
        world.run();
        assertThat(world.states("line")).as("once").isEqualTo("1 ACTIVE");
    }

    @Test
    void aLinearModelThatIsDeclaredAnewGetsAnotherVersion() {
        world.declared.put("line", LifecycleWorld.LINEAR);
        world.restart();
        world.run();
        world.declared.put("line", new ModelConfiguration.Linear(2, List.of(), true, 4, 1));
        world.restart();
        world.run();
        assertThat(world.states("line")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aLinearModelThatRepeatsInAnotherWayGetsAnotherVersion() {
        world.declared.put("line", LifecycleWorld.LINEAR);
        world.restart();
        world.run();
        world.declared.put("line", new ModelConfiguration.Linear(2, List.of(), true, 0.5, 1, Repeat.ACCUMULATE));
        world.restart();
        world.run();
        assertThat(world.states("line")).isEqualTo("1 STANDBY, 2 ACTIVE");
        assertThat(world.versions
                        .store()
                        .readManifest("models/line/2/manifest.json")
                        .repeat())
                .isEqualTo(Repeat.ACCUMULATE);
    }

    @Test
    void aModelThatIsNoLongerDeclaredIsLeftAlone() {
        CatalogueEntry old = new CatalogueEntry(
                "old",
                ModelKind.ALS,
                List.of(new Version(3, VersionState.RETIRED, "models/old/3/manifest.json", Instant.EPOCH, null, null)),
                null);
        world.catalogue.put("old", old);
        world.restart();
        world.run();
        assertThat(world.catalogue.get("old")).isEqualTo(old);
    }

    @Test
    void aModelThatChangesItsKindStopsTheStart() {
        world.run();
        world.declared.put("als", LifecycleWorld.LINEAR);
        assertThatThrownBy(() -> world.newLifecycle())
                .hasMessageContaining("models.als.kind")
                .hasMessageContaining("another name");
    }

    @Test
    void aVersionThatAnotherNodeHasNotLoadedIsNotRebased() {
        LifecycleWorld world = new LifecycleWorld(folder);
        world.nodes().missingElsewhere.add(new ModelVersion("als", 1));
        world.liveVersion("u1");
        assertThat(world.states("als")).isEqualTo("1 PUBLISHED");
        world.nodes().missingElsewhere.clear();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE");
    }

    @Test
    void aVersionThatAnotherNodeRefusesIsRejected() {
        LifecycleWorld world = new LifecycleWorld(folder);
        world.nodes().rejectedElsewhere.put(new ModelVersion("als", 1), "its copy is truncated");
        world.liveVersion("u1");
        assertThat(world.states("als")).isEqualTo("1 REJECTED");
        assertThat(world.catalogue.get("als").version(1).orElseThrow().reason()).isEqualTo("its copy is truncated");
    }
}
