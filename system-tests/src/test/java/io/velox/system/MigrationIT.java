package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The log moved from four partitions to seven, as one story: every user is who they were, and everything goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationIT {
    private static final int RATINGS = 10_000;
    private static final String FORGOTTEN = "forgotten";
    private static final String WITHDRAWER = "withdrawer";

    private Path folder;
    private Path data;
    private Map<String, Map<String, Double>> expected;
    private final Map<String, JsonNode> usersBefore = new TreeMap<>();
    private final Map<String, JsonNode> predictionsBefore = new HashMap<>();
    private String oldReceipt;
    private VeloxProcess velox;
    private Loop loop;

    @BeforeAll
    void startWithFourPartitions(@TempDir Path temporary) throws IOException {
        folder = temporary;
        data = folder.resolve("data");
        start(4, 0);
    }

    @AfterAll
    void end() {
        velox.close();
    }

    private Path configuration(int partitions, int epoch) throws IOException {
        Path configuration = folder.resolve("velox-" + partitions + "-" + epoch + ".yaml");
        Files.writeString(configuration, """
                kafka: {partitions: %d, epoch: %d}
                queryable-state: {timeout-ms: 20000}
                models:
                  als: {kind: als, rank: 6, regularization: 0.1, iterations: 5, item-bias: true, prior: gaussian}
                """.formatted(partitions, epoch));
        return configuration;
    }

    private void start(int partitions, int epoch) throws IOException {
        velox = VeloxProcess.start(data, "file", configuration(partitions, epoch));
        loop = new Loop(velox.api());
    }

    private CommandRun startThatIsRefused(int partitions, int epoch) throws IOException {
        return CommandRun.of(
                "standalone",
                "--data-dir",
                data.toString(),
                "--conf",
                configuration(partitions, epoch).toString());
    }

    private CommandRun migrate(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("migrate"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data-dir", data.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    @Order(1)
    void aTrainedSystemWithWithdrawnAndForgottenRatings() throws IOException {
        List<Rating> ratings = new ArrayList<>(Ratings.load(RATINGS));
        List<Rating> later = ratings.subList(RATINGS * 3 / 4, RATINGS);
        awaitApplied(loop.observe(ratings.subList(0, RATINGS * 3 / 4)));
        assertThat(loop.retrain("als")).isEqualTo(1);
        awaitApplied(loop.observe(later));
        expected = Histories.of(List.of(ratings));

        String first = ratings.get(0).item();
        String second = ratings.get(1).item();
        loop.observe(List.of(
                new Rating(FORGOTTEN, first, 1, 1_000_000_000L), new Rating(WITHDRAWER, first, 5, 1_000_000_000L)));
        velox.api().send("DELETE", "/v1/users/" + FORGOTTEN, null, null).ok();
        velox.api()
                .send("DELETE", "/v1/users/" + WITHDRAWER + "/items/" + Api.encode(first), null, null)
                .ok();
        awaitApplied(loop.observe(List.of(new Rating(WITHDRAWER, second, 2, 1_000_000_000L))));
        expected.put(WITHDRAWER, Map.of(second, 2.0));

        loop.checkEveryUser("als", 1, expected);
        expected.keySet().forEach(uid -> {
            usersBefore.put(uid, loop.user(uid));
            predictionsBefore.put(uid, predictions(uid));
        });
        oldReceipt = usersBefore.get(WITHDRAWER).get("revision").asText();
        assertThat(oldReceipt).startsWith("0:");
    }

    private void awaitApplied(Map<String, String> receipts) {
        receipts.forEach((uid, receipt) -> Await.until(
                "receipt " + receipt + " of " + uid,
                Duration.ofMinutes(3),
                () -> velox.api()
                                .get("/v1/users/" + Api.encode(uid) + "?timeoutMs=10000&after=" + receipt)
                                .status()
                        == 200));
    }

    private JsonNode predictions(String uid) {
        String item = expected.get(uid).keySet().iterator().next();
        return velox.api()
                .post("/v1/models/als/predict", "{\"uid\":\"" + uid + "\",\"items\":[\"" + item + "\"]}")
                .ok()
                .get("predictions");
    }

    @Test
    @Order(2)
    void aSystemThatRunsIsNotMigrated() throws IOException {
        CommandRun run = migrate("partitions", "--to", "7");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("is in use by process");
    }

    @Test
    @Order(3)
    void aChangedNumberOfPartitionsIsRefusedAndTheRefusalNamesTheCommand() throws IOException {
        assertThat(velox.stop()).isZero();
        CommandRun run = startThatIsRefused(7, 0);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("scripts/velox migrate partitions --to 7");
    }

    @Test
    @Order(4)
    void theMigrationSaysWhatItCopiedAndWhatToSet() throws IOException {
        CommandRun rehearsal = migrate("partitions", "--to", "7", "--dry-run");
        assertThat(rehearsal.output()).contains("Nothing was changed");
        assertThat(rehearsal.status()).isZero();
        CommandRun run = migrate("partitions", "--to", "7");
        assertThat(run.status()).as(run.output()).isZero();
        // The ratings, one of the withdrawer, and that a user was forgotten.
        assertThat(run.output())
                .contains(RATINGS + 2 + " records are in velox.observations-1")
                .contains("VELOX_KAFKA_PARTITIONS=7 VELOX_KAFKA_EPOCH=1");
    }

    @Test
    @Order(5)
    void afterItTheOldKeysAreRefused() throws IOException {
        CommandRun run = startThatIsRefused(4, 0);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("kafka.epoch: 1 and kafka.partitions: 7");
    }

    @Test
    @Order(6)
    void withTheNewKeysEveryUserIsWhoTheyWere() throws IOException {
        start(7, 1);
        assertThat(velox.printed()).contains("the beginning of the log");
        assertThat(loop.activeVersion("als")).contains(1);
        loop.checkEveryUser("als", 1, expected);
        usersBefore.forEach((uid, before) -> {
            JsonNode now = loop.user(uid);
            double[] weights = RidgeOracle.vector(now.at("/models/als/weights"));
            double[] weightsBefore = RidgeOracle.vector(before.at("/models/als/weights"));
            for (int i = 0; i < weights.length; i++) {
                assertThat(weights[i]).as("weights of %s", uid).isCloseTo(weightsBefore[i], offset(1e-6));
            }
            assertThat(now.get("revision").asText()).startsWith("1:");
            JsonNode score = predictions(uid).path(0).path("score");
            JsonNode scoreBefore = predictionsBefore.get(uid).path(0).path("score");
            assertThat(score.asDouble()).as("prediction of %s", uid).isCloseTo(scoreBefore.asDouble(), offset(1e-6));
        });
        assertThat(velox.api().get("/v1/users/" + FORGOTTEN).status()).isEqualTo(404);
    }

    @Test
    @Order(7)
    void receiptsOfTheOldEpochAreRefused() {
        Answer answer = velox.api().get("/v1/users/" + WITHDRAWER + "?after=" + oldReceipt);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).contains("the log was rebuilt since");
    }

    /** One that many have rated, and the withdrawer has not. */
    private String newItem() {
        return expected.values().stream()
                .flatMap(history -> history.keySet().stream())
                .filter(item -> !expected.get(WITHDRAWER).containsKey(item))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(8)
    void observingAndTrainingGoOnAndTrainingSeesEachRatingOnce() {
        Rating live = new Rating(WITHDRAWER, newItem(), 4, 1_100_000_000L);
        Map<String, String> receipts = loop.observe(List.of(live));
        assertThat(receipts.get(WITHDRAWER)).startsWith("1:");
        awaitApplied(receipts);
        Map<String, Double> history = new HashMap<>(expected.get(WITHDRAWER));
        history.put(live.item(), live.label());
        expected.put(WITHDRAWER, history);
        assertThat(loop.retrain("als")).isEqualTo(2);
        long ratings = expected.values().stream().mapToLong(Map::size).sum();
        JsonNode manifest = velox.api().get("/v1/models/als/versions/2").ok();
        assertThat(manifest.at("/counts/ratings").asLong()).isEqualTo(ratings);
        assertThat(manifest.at("/cut/epoch").asInt()).isEqualTo(1);
        loop.checkEveryUser("als", 2, expected);
    }

    @Test
    @Order(9)
    void theNextStartTakesUpTheCheckpointOfTheNewEpochAndOldRemainsCanGo() throws IOException {
        assertThat(velox.stop()).isZero();
        CommandRun run = CommandRun.of(
                "migrate",
                "clean",
                "--data-dir",
                data.toString(),
                "--conf",
                configuration(7, 1).toString());
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output()).contains("velox.observations,").contains("1 folders of checkpoints");
        assertThat(data.resolve("store/checkpoints")).doesNotExist();
        start(7, 1);
        assertThat(velox.printed()).contains("Flink job   from checkpoint");
        loop.checkEveryUser("als", 2, expected);
        velox.api().post("/v1/models/als/versions/1/activate", "{}").ok();
        loop.checkEveryUser("als", 1, expected);
    }
}
