package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.LogCut;
import io.velox.core.log.TrainingKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import io.velox.serving.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTrainerTest {
    private static final Trainer.Request REQUEST = request(LifecycleWorld.ALS, TrainingKind.FULL, Optional.empty());

    private static Trainer.Request request(ModelConfiguration.Als als, TrainingKind kind, Optional<String> from) {
        LogCut cut = new LogCut(0, Map.of(0, 12L, 1, 0L));
        return new Trainer.Request(
                new ModelVersion("als", 3), als, cut, kind, from, Optional.of("live.json"), Optional.empty());
    }

    @TempDir
    Path folder;

    private final List<Trainer> trainers = new ArrayList<>();

    @AfterEach
    void close() {
        trainers.forEach(Trainer::close);
    }

    private Path log() {
        return folder.resolve("logs/training.log");
    }

    private ProcessTrainer trainer(String script, Duration timeout) {
        ProcessTrainer trainer = new ProcessTrainer(
                List.of("sh", "-c", script, "training"),
                List.of("--store", "s"),
                List.of("--seed", "42"),
                timeout,
                log());
        trainers.add(trainer);
        return trainer;
    }

    private static void join(CompletableFuture<Void> training) {
        training.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void theApplicationGetsItsArgumentsBehindTheLaunchers() throws IOException {
        join(trainer("echo \"$@\"; echo warned >&2", Duration.ofSeconds(10)).train(REQUEST));
        Eventually.await("the log is written", () -> Files.exists(log()));
        assertThat(Files.readString(log()))
                .contains("--store s --seed 42 --model als --version 3 --cut 0/0:12,1:0 --kind full --live live.json"
                        + " --rank 1 --regularization 0.1"
                        + " --iterations 1 --item-bias true --prior zero --repeat replace --polish 10");
    }

    @Test
    void whatIsRegisteredOfItemsIsNamed() throws IOException {
        Trainer.Request plain = REQUEST;
        join(trainer("echo \"$@\"", Duration.ofSeconds(10))
                .train(new Trainer.Request(
                        plain.version(),
                        plain.hyperparameters(),
                        plain.cut(),
                        plain.kind(),
                        plain.from(),
                        plain.live(),
                        Optional.of("file:/s/models/als/items-3.ndjson.gz"))));
        assertThat(Files.readString(log()))
                .contains("--live live.json --item-metadata file:/s/models/als/items-3.ndjson.gz --rank 1");
    }

    @Test
    void aRefreshNamesWhatItStartsFrom() throws IOException {
        join(trainer("echo \"$@\"", Duration.ofSeconds(10))
                .train(request(LifecycleWorld.ALS, TrainingKind.REFRESH, Optional.of("m.json"))));
        assertThat(Files.readString(log())).contains("--kind refresh --from m.json --live live.json --rank 1");
        assertThatThrownBy(() -> request(LifecycleWorld.ALS, TrainingKind.REFRESH, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSearchHasListsWhereTheModelGivesThem() throws IOException {
        ModelConfiguration.Search search =
                new ModelConfiguration.Search(List.of(10, 20), List.of(0.1, 0.2), List.of(), List.of());
        ModelConfiguration.Als als =
                new ModelConfiguration.Als(1, 0.3, 5, true, PriorKind.ZERO, Repeat.REPLACE, 3, search);
        join(trainer("echo \"$@\"", Duration.ofSeconds(10)).train(request(als, TrainingKind.FULL, Optional.empty())));
        assertThat(Files.readString(log()))
                .contains("--search --rank 10,20 --regularization 0.1,0.2 --iterations 5 --item-bias true")
                .contains("--polish 3");
    }

    @Test
    void standardInputStaysOpenForAsLongAsTheTrainingRuns() throws IOException {
        Path go = folder.resolve("go");
        String script = "exec 3<&0; { cat >/dev/null; echo ended >> '" + folder.resolve("ended") + "'; } <&3 & "
                + "echo begun; until [ -e '" + go + "' ]; do sleep 0.05; done; [ ! -e '" + folder.resolve("ended")
                + "' ]";
        CompletableFuture<Void> training =
                trainer(script, Duration.ofSeconds(60)).train(REQUEST);
        Eventually.await(
                "the training has begun",
                () -> Files.exists(log()) && log().toFile().length() > 0);
        Files.createFile(go);
        join(training);
    }

    @Test
    void whatRunsAndWhatWaitsIsEndedTogetherAndMoreMayFollow() {
        ProcessTrainer trainer =
                trainer("echo $$; [ -e '" + folder.resolve("go") + "' ] || sleep 60", Duration.ofSeconds(60));
        CompletableFuture<Void> running = trainer.train(REQUEST);
        CompletableFuture<Void> waiting = trainer.train(REQUEST);
        Eventually.await("the process runs", () -> pid() > 0);
        long pid = pid();
        trainer.endAll("the role is lost");
        assertThatThrownBy(() -> join(running)).hasMessageContaining("the role is lost");
        assertThatThrownBy(() -> join(waiting)).hasMessageContaining("the role is lost");
        Eventually.await("the child is gone", () -> !isAlive(pid));
        assertThat(folder.resolve("go").toFile().mkdir()).isTrue();
        join(trainer.train(REQUEST));
    }

    @Test
    void aCompactionGetsTheStoreAndWhatIsSettled() throws IOException {
        join(trainer("echo \"$@\"", Duration.ofSeconds(10)).compact(Optional.of(REQUEST.cut()), Duration.ofHours(2)));
        assertThat(Files.readString(log())).contains("compact --store s --settled 0/0:12,1:0 --grace-minutes 120");
    }

    @Test
    void aCompactionThatOnlyMergesSaysNothingOfWhatIsSettled() throws IOException {
        join(trainer("echo \"$@\"", Duration.ofSeconds(10)).compact(Optional.empty(), Duration.ofMinutes(10)));
        assertThat(Files.readString(log())).contains("compact --store s --grace-minutes 10");
    }

    @Test
    void theArchiveIsReadWhileATrainingRuns() throws IOException {
        Instant before = Instant.now();
        Path go = folder.resolve("go");
        Trainer trainer = trainer("echo begun; until [ -e '" + go + "' ]; do sleep 0.05; done", Duration.ofSeconds(60));
        CompletableFuture<Void> training = trainer.train(REQUEST);
        Eventually.await(
                "the training has begun",
                () -> Files.exists(log()) && log().toFile().length() > 0);
        assertThat(trainer.readingSince().orElseThrow()).isBetween(before, Instant.now());
        Files.createFile(go);
        join(training);
        assertThat(trainer.readingSince()).isEmpty();
    }

    @Test
    void storeSplitAndSeedComeFromTheConfiguration() throws IOException {
        var configuration = ConfigurationReader.read(Optional.empty(), Map.of("VELOX_STORE_ROOT", "file:/somewhere"));
        Trainer trainer = ProcessTrainer.of(configuration, List.of("sh", "-c", "echo \"$@\"", "training"), log());
        trainers.add(trainer);
        join(trainer.train(REQUEST));
        assertThat(Files.readString(log()))
                .startsWith("--store file:/somewhere --until-stdin-ends --held-out 0.1 --seed 42 --model als");
    }

    @Test
    void theLastLineOfStandardErrorIsTheReasonOfAFailure() throws IOException {
        CompletableFuture<Void> training = trainer(
                        "echo starting >&2; echo 'no ratings before the cut' >&2; echo >&2; exit 3",
                        Duration.ofSeconds(10))
                .train(REQUEST);
        assertThatThrownBy(() -> join(training)).hasRootCauseMessage("no ratings before the cut");
        assertThat(Files.readString(log())).contains("starting");
    }

    @Test
    void aSilentFailureNamesTheExitCode() {
        assertThatThrownBy(() -> join(trainer("exit 7", Duration.ofSeconds(10)).train(REQUEST)))
                .hasMessageContaining("exit code 7");
    }

    @Test
    void ofAProcessThatWasKilledTheSignalIsTheReasonAndNotWhatItSaidLast() {
        assertThatThrownBy(() -> join(trainer("echo 'round 3 of 10' >&2; kill -KILL $$", Duration.ofSeconds(10))
                        .train(REQUEST)))
                .hasRootCauseMessage("the training process was killed by signal 9; see its log");
    }

    @Test
    void aLauncherThatDoesNotExistFails() {
        ProcessTrainer trainer =
                new ProcessTrainer(List.of("/does/not/exist"), List.of(), List.of(), Duration.ofSeconds(10), log());
        trainers.add(trainer);
        assertThatThrownBy(() -> join(trainer.train(REQUEST))).hasMessageContaining("/does/not/exist");
    }

    private long pid() {
        try {
            return Files.exists(log()) && !Files.readString(log()).isBlank()
                    ? Long.parseLong(Files.readString(log()).strip())
                    : -1;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void aTrainingThatTakesTooLongIsKilledWithItsChildren() {
        CompletableFuture<Void> training =
                trainer("sleep 60 & echo $!; wait", Duration.ofMillis(500)).train(REQUEST);
        assertThatThrownBy(() -> join(training)).hasMessageContaining("did not end within");
        Eventually.await("the child is gone", () -> pid() > 0 && !isAlive(pid()));
    }

    @Test
    void closingKillsWhatRunsAndFailsWhatWaits() {
        ProcessTrainer trainer = trainer("sleep 60 & echo $!; wait", Duration.ofSeconds(60));
        CompletableFuture<Void> running = trainer.train(REQUEST);
        CompletableFuture<Void> waiting = trainer.train(REQUEST);
        Eventually.await("the process runs", () -> pid() > 0);
        trainer.close();
        assertThatThrownBy(() -> join(running)).hasMessageContaining("the node stops");
        assertThatThrownBy(() -> join(waiting)).hasMessageContaining("the node stops");
        Eventually.await("the child is gone", () -> !isAlive(pid()));
        assertThatThrownBy(() -> join(trainer.train(REQUEST))).hasMessageContaining("closed");
    }
}
