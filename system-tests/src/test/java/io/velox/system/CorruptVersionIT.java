package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions that were published damaged, trainings that were killed, and a process that was killed while it trained, as one story: the
 * version that is whole answers throughout, nothing of the others is ever seen, and what died is tried again.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CorruptVersionIT {
    private static final int RATINGS = 5_000;
    private static final int TIMES = 8;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration TRAINING = Duration.ofMinutes(4);

    private final Random random = new Random(Seeds.next());
    private Path folder;
    private SwitchedTrainer trainer;
    private List<Rating> ratings;
    private Map<String, Map<String, Double>> expected;
    private VeloxProcess velox;
    private Loop loop;
    private Catalogue als;

    @BeforeAll
    void aLiveVersion(@TempDir Path temporary) throws IOException {
        folder = temporary;
        trainer = SwitchedTrainer.in(Files.createDirectory(folder.resolve("home")));
        start(1);
        ratings = Ratings.load(RATINGS);
        expected = Histories.of(List.of(ratings));
        loop.observe(ratings);
        assertThat(loop.retrain("als")).isEqualTo(1);
    }

    @AfterAll
    void end() {
        velox.close();
        trainings().forEach(ProcessHandle::destroyForcibly);
    }

    private void start(int attempts) throws IOException {
        Path configuration = folder.resolve("velox.yaml");
        Files.writeString(configuration, """
                queryable-state: {timeout-ms: 20000}
                lifecycle:
                  retry: {attempts: %d, pause-seconds: 1}
                models:
                  als: {kind: als, rank: 40, regularization: 0.1, iterations: 4, item-bias: true, prior: gaussian}
                """.formatted(attempts));
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration, trainer.environment());
        loop = new Loop(velox.api());
        als = new Catalogue(velox.api(), "als");
    }

    private StoredVersion stored(int version) {
        return new StoredVersion(folder.resolve("data/store/models/als/" + version));
    }

    private Polling polling() {
        Rating any = ratings.get(0);
        return Polling.start(velox.api(), "als", any.user(), any.item(), als.active());
    }

    /** Processes that train for the data directory, whoever started them. */
    private List<ProcessHandle> trainings() {
        String mark = "-Djava.io.tmpdir=" + folder.resolve("data");
        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(process -> List.of(process.info().arguments().orElse(new String[0])).stream()
                        .anyMatch(argument -> argument.startsWith(mark)))
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .contains("org.apache.spark.deploy.SparkSubmit"))
                .toList();
        // What a training itself starts has its arguments for the moment until it becomes something else.
        return found.stream()
                .filter(process -> process.parent().filter(found::contains).isEmpty())
                .toList();
    }

    /** One way to damage a version; says what it did. */
    @FunctionalInterface
    private interface Damage {
        String to(StoredVersion version) throws IOException;
    }

    @Test
    @Order(1)
    void truncatedVersionsAreRefused() throws IOException {
        assertRefused(TIMES, version -> version.truncate(random));
    }

    @Test
    @Order(1)
    void versionsWithAFlippedBitAreRefused() throws IOException {
        assertRefused(TIMES, version -> version.flip(random));
    }

    @Test
    @Order(1)
    void versionsWithAMissingFileAreRefused() throws IOException {
        assertRefused(TIMES, version -> version.lose(random));
    }

    @Test
    @Order(1)
    void versionsOfANewerFormatOrOfAnotherNumberAreRefused() throws IOException {
        assertRefused(1, version -> version.rewrite("\"format\" : 1", "\"format\" : 99"));
        assertRefused(1, version -> version.rewrite("\"version\" : \\d+", "\"version\" : 1"));
        assertRefused(1, version -> version.rewrite("\"dimension\" : \\d+", "\"dimension\" : 3"));
    }

    private void assertRefused(int times, Damage damage) throws IOException {
        trainer.useStandIn();
        try (Polling polling = polling()) {
            for (int i = 0; i < times; i++) {
                int number = nextVersion();
                String what = damage.to(stored(1).copy(trainer.prepared(), number));
                assertThat(als.retrain()).isEqualTo(number);
                String refusal =
                        Await.value("version " + number + " to be refused: " + what, SOON, () -> refusal(number));
                System.out.println("version " + number + ": " + what + ": " + refusal);
                assertThat(als.active()).as(what).isEqualTo(1);
            }
        }
        assertThat(velox.management().get("/health/ready").status()).isEqualTo(200);
    }

    private int nextVersion() {
        JsonNode model = als.model();
        int highest = model.at("/training/version").asInt();
        for (JsonNode version : model.get("versions")) {
            highest = Math.max(highest, version.get("version").asInt());
        }
        return highest + 1;
    }

    /** Why a version was rejected, or where not even its manifest can be read, why its training failed. */
    private Optional<String> refusal(int number) {
        Optional<String> rejected = als.version(number)
                .filter(version -> version.get("state").asText().equals("REJECTED"))
                .map(version -> version.get("reason").asText());
        return rejected.or(() -> failure(number));
    }

    private Optional<String> failure(int number) {
        JsonNode training = als.model().path("training");
        return training.path("version").asInt() == number
                        && !training.path("failure").asText("").isEmpty()
                ? Optional.of(training.get("failure").asText())
                : Optional.empty();
    }

    @Test
    @Order(2)
    void aRejectedVersionCannotBeActivated() {
        for (JsonNode version : als.model().get("versions")) {
            if (version.get("state").asText().equals("REJECTED")) {
                assertThat(als.activate(version.get("version").asInt(), true).status())
                        .isEqualTo(409);
            }
        }
        assertThat(als.active()).isEqualTo(1);
    }

    @Test
    @Order(3)
    void theSameVersionUndamagedGoesLive() throws IOException {
        int number = nextVersion();
        stored(1).copy(trainer.prepared(), number);
        assertThat(loop.retrain("als")).isEqualTo(number);
        loop.checkEveryUser("als", number, expected);
    }

    @Test
    @Order(4)
    void aTrainingThatIsKilledLeavesNothingAndIsTriedAgain() throws IOException {
        assertThat(velox.stop()).isZero();
        trainer.useSpark();
        start(10);
        long complete = stored(1).tableBytes();
        int before = als.active();
        int number;
        try (Polling polling = polling()) {
            number = als.retrain();
            killed("before the data", number, version -> version.files().isEmpty());
            killed("in mid-file", number + 1, version -> !version.tables().isEmpty());
            killed("before the manifest", number + 2, version -> version.tableBytes() == complete);
        }
        als.awaitState(number + 3, "ACTIVE", TRAINING);
        assertThat(als.state(before)).isEqualTo("STANDBY");
        assertThat(als.history(number)).containsExactly("TRAINING", "TRAINING_FAILED");
        loop.checkEveryUser("als", number + 3, expected);
    }

    /** What a killed writer has come to. */
    @FunctionalInterface
    private interface Progress {
        boolean isReachedBy(StoredVersion version);
    }

    private void killed(String where, int number, Progress progress) throws IOException {
        ProcessHandle training = Await.value("the training of version " + number, SOON, () -> trainings().stream()
                .findFirst());
        StoredVersion version = stored(number);
        try (StoppingHand hand = StoppingHand.on(training)) {
            long deadline = System.nanoTime() + TRAINING.toNanos();
            while (!progress.isReachedBy(version)) {
                Thread.onSpinWait(); // a writer takes milliseconds
                assertThat(System.nanoTime()).as("deadline for %s", where).isLessThan(deadline);
            }
            hand.stop();
            System.out.println("version " + number + ": killed " + where + ", with " + version.tableBytes()
                    + " bytes in " + version.files().size() + " files");
            assertThat(version.hasManifest()).as("too late to be %s", where).isFalse();
        }
        training.destroyForcibly();
        JsonNode failed =
                Await.value("the training of version " + number + " to have failed", SOON, () -> failure(number)
                        .map(failure -> als.model().get("training")));
        assertThat(failed.get("failure").asText()).contains("killed by signal 9");
        assertThat(failed.get("retryAt").asText()).isNotEmpty();
        assertThat(version.folder()).doesNotExist();
        assertThat(als.state(number)).isEmpty();
    }

    @Test
    @Order(5)
    void aTrainingDiesWithTheProcessThatStartedIt() throws IOException {
        Path log = folder.resolve("data/logs/train.log");
        long logged = Files.size(log);
        int number = als.retrain();
        ProcessHandle training =
                Await.value("the training", SOON, () -> trainings().stream().findFirst());
        Await.until("the training to be at work", SOON, () -> log.toFile().length() > logged);
        velox.killAlone();
        Await.until("the training to end by itself", SOON, () -> !training.isAlive());
        assertThat(stored(number).hasManifest())
                .as("it has ended before its end")
                .isFalse();
        start(10);
        String interrupted = Await.value("the training to be interrupted", SOON, () -> Optional.of(als.history(number))
                        .filter(events -> events.contains("TRAINING_FAILED")))
                .toString();
        System.out.println("version " + number + ": " + interrupted);
        int next = number + 1;
        Await.until("the training to be tried again", TRAINING, () -> {
            assertThat(trainings()).hasSizeLessThanOrEqualTo(1);
            return als.active() == next;
        });
        assertThat(stored(number).folder()).doesNotExist();
        loop.checkEveryUser("als", next, expected);
    }
}
