package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loop of the design against real processes, as one story: import, train, learn live, read one's own writes, stop, crash, train
 * again, roll back. Each step stands on the ones before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoopIT {
    /** The whole of MovieLens latest-small. */
    private static final int RATINGS = 100_836;

    private Path folder;

    private final List<Rating> before = new ArrayList<>();
    private final List<Rating> live = new ArrayList<>();
    private final List<Rating> lastMinute = new ArrayList<>();
    private final List<Rating> extra = new ArrayList<>();
    private VeloxProcess velox;
    private Loop loop;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        List<Rating> all = new ArrayList<>(Ratings.load(RATINGS));
        Collections.shuffle(all, new Random(7));
        before.addAll(all.subList(0, RATINGS / 2));
        live.addAll(all.subList(RATINGS / 2, RATINGS - 2_000));
        lastMinute.addAll(all.subList(RATINGS - 2_000, RATINGS));
        startAgain();
    }

    @AfterAll
    void end() {
        velox.close();
    }

    private void startAgain() throws IOException {
        Path configuration = folder.resolve("velox.yaml");
        Files.writeString(configuration, """
                models:
                  als: {kind: als, rank: 10, regularization: 0.1, iterations: 8, item-bias: true, prior: gaussian}
                  linear: {kind: linear, length: 3, intercept: true, regularization: 1.0, noise: 0.5}
                """);
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration);
        loop = new Loop(velox.api());
    }

    @Test
    @Order(1)
    void beforeAnyTrainingAPredictionIsRefusedWithWhatToDo() {
        Answer answer = velox.api().post("/v1/models/als/predict", "{\"uid\":\"1\",\"item\":\"1\"}");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("code").asText()).isEqualTo("MODEL_NOT_LOADED");
    }

    @Test
    @Order(2)
    void aTrainedVersionServesEveryUserByTheRidgeSolutionOfTheirHistory() {
        loop.observe(before);
        assertThat(loop.retrain("als")).isEqualTo(1);
        loop.checkEveryUser("als", 1, Histories.of(List.of(before)));
    }

    @Test
    @Order(3)
    void liveObservationsAreLearntAtOnceAndExactly() {
        Map<String, String> receipts = loop.observe(live);
        loop.awaitApplied(receipts);
        loop.checkEveryUser("als", 1, Histories.of(List.of(before, live)));
    }

    @Test
    @Order(4)
    void aComputedModelLearnsFromTheSameLog() {
        Random random = new Random(3);
        double[] truth = {1.5, -2, 0.5, 3};
        String receipt = "";
        for (int i = 0; i < 200; i++) {
            double[] x = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double label = truth[0] * x[0] + truth[1] * x[1] + truth[2] * x[2] + truth[3] + 0.1 * random.nextGaussian();
            ObjectNode body = Api.JSON.createObjectNode().put("uid", "sensor").put("label", label);
            ArrayNode item = body.putArray("item");
            for (double value : x) {
                item.add(value);
            }
            receipt = velox.api()
                    .post("/v1/observe", body.toString())
                    .ok()
                    .get("receipt")
                    .asText();
        }
        JsonNode user = loop.userAfter("sensor", receipt);
        JsonNode state = user.at("/models/linear");
        double[] weights = RidgeOracle.vector(state.get("weights"));
        assertThat(state.get("observations").asInt()).isEqualTo(200);
        double[] ridge = new RidgeOracle(velox.api(), "linear", 1).weights(user.get("history"));
        for (int i = 0; i < 4; i++) {
            assertThat(weights[i]).isCloseTo(ridge[i], offset(1e-6)).isCloseTo(truth[i], offset(0.1));
        }
        JsonNode answer = velox.api()
                .post("/v1/models/linear/predict", "{\"uid\":\"sensor\",\"item\":[1,2,3]}")
                .ok();
        double expected = weights[0] + 2 * weights[1] + 3 * weights[2] + weights[3];
        assertThat(answer.at("/predictions/0/score").asDouble()).isCloseTo(expected, offset(1e-9));
    }

    @Test
    @Order(5)
    void aReadGivenAReceiptAlwaysReflectsTheObservation() {
        assertReceiptsAreHonoured(1_000, "reader");
    }

    private void assertReceiptsAreHonoured(int times, String users) {
        Random random = new Random(11);
        Map<String, Map<String, Double>> written = new HashMap<>();
        for (int i = 0; i < times; i++) {
            Rating source = before.get(random.nextInt(before.size()));
            // every third user is new, so that its first read finds no cached copy
            String uid = i % 3 == 0 ? users + i : users + (i % 7);
            Rating rating = new Rating(uid, source.item(), source.label(), 1_700_000_000L + i);
            extra.add(rating);
            written.computeIfAbsent(uid, u -> new HashMap<>()).put(rating.item(), rating.label());
            String receipt = velox.api()
                    .post("/v1/observe", Loop.observation(rating).toString())
                    .ok()
                    .get("receipt")
                    .asText();
            JsonNode answer = loop.predictAfter("als", uid, rating.item(), receipt);
            assertThat(offsetOf(answer.get("revision").asText()))
                    .as("revision of read %d", i)
                    .isGreaterThanOrEqualTo(offsetOf(receipt));
            if (i % 10 == 0) {
                JsonNode user = loop.userAfter(uid, receipt);
                assertThat(user.get("history"))
                        .as("history of read %d", i)
                        .hasSize(written.get(uid).size());
            }
        }
    }

    @Test
    @Order(5)
    void badRequestsAreRefusedByNameAndChangeNothing() {
        String usersBefore = loop.user("1").toString();
        String catalogueBefore = velox.api().get("/v1/models").body();
        SoftAssertions softly = new SoftAssertions();
        for (BadRequests.Case bad : BadRequests.all()) {
            Answer answer = velox.api().send(bad.method(), bad.path(), bad.contentType(), bad.body());
            softly.assertThat(answer.status()).as("%s: %s", bad, answer.body()).isEqualTo(bad.status());
            softly.assertThat(answer.contentType()).as("%s", bad).startsWith("application/problem+json");
            softly.assertThat(answer.json().path("field").asText())
                    .as("%s: %s", bad, answer.body())
                    .isEqualTo(bad.field());
        }
        softly.assertAll();
        assertThat(loop.user("1").toString()).isEqualTo(usersBefore);
        assertThat(velox.api().get("/v1/models").body()).isEqualTo(catalogueBefore);
    }

    @Test
    @Order(5)
    void whatChanceHasShownFeedsTheValidationPoolAndNothingElseDoes() {
        long pool = validationPool();
        JsonNode shown = velox.api()
                .post(
                        "/v1/models/als/topk",
                        "{\"uid\":\"explorer\",\"k\":5,\"explore\":{\"policy\":\"epsilon\",\"epsilon\":1}}")
                .ok()
                .get("items");
        assertThat(shown).hasSize(5).allSatisfy(item -> {
            assertThat(item.get("explored").asBoolean()).isTrue();
            assertThat(item.get("propensity").asDouble()).isBetween(1.0 / RATINGS, 0.01);
        });
        String receipt = "";
        for (JsonNode item : shown) {
            assertThat(observed("somebody else", item).status()).isEqualTo(400);
            receipt = observed("explorer", item).ok().get("receipt").asText();
        }
        for (String policy : List.of("ucb", "thompson", "greedy")) {
            JsonNode items = velox.api()
                    .post(
                            "/v1/models/als/topk",
                            "{\"uid\":\"explorer\",\"exclude\":\"seen\",\"after\":\"" + receipt
                                    + "\",\"explore\":{\"policy\":\"" + policy + "\"}}")
                    .ok()
                    .get("items");
            assertThat(items).hasSize(10);
            receipt = observed("explorer", items.get(0)).ok().get("receipt").asText();
        }

        Await.until(
                "the validation pool to grow", Duration.ofSeconds(30), () -> validationPool() >= pool + shown.size());
        assertThat(loop.userAfter("explorer", receipt).get("history")).hasSize(8);
        assertThat(validationPool()).isEqualTo(pool + shown.size());
    }

    private Answer observed(String uid, JsonNode item) {
        ObjectNode observation = Api.JSON.createObjectNode().put("uid", uid).put("label", 4);
        observation.set("item", item.get("item"));
        observation.set("impression", item.get("impression"));
        return velox.api().post("/v1/observe", observation.toString());
    }

    private long validationPool() {
        return velox.api()
                .get("/v1/models/als/health")
                .ok()
                .at("/versions/0/validation/count")
                .asLong();
    }

    private static long offsetOf(String revision) {
        return Long.parseLong(revision.substring(revision.lastIndexOf(':') + 1));
    }

    @Test
    @Order(6)
    void aCleanStopLosesNothing() throws IOException {
        assertThat(velox.stop()).isZero();
        startAgain();
        assertThat(loop.activeVersion("als")).contains(1);
        loop.checkEveryUser("als", 1, Histories.of(List.of(before, live, extra)));
    }

    @Test
    @Order(7)
    void receiptsAreHonouredOnAColdCacheToo() {
        assertReceiptsAreHonoured(100, "cold");
    }

    @Test
    @Order(8)
    void whatWasAcknowledgedBeforeAKillIsLearntAfterIt() throws IOException {
        loop.observe(lastMinute);
        velox.kill();
        startAgain();
        assertThat(loop.activeVersion("als")).contains(1);
        Map<String, Map<String, Double>> expected = Histories.of(List.of(before, live, extra, lastMinute));
        Await.until("everything acknowledged to be applied", Duration.ofSeconds(60), () -> lastMinute.stream()
                .allMatch(r -> loop.user(r.user()).get("history").size()
                        == expected.get(r.user()).size()));
        loop.checkEveryUser("als", 1, expected);
    }

    @Test
    @Order(9)
    void aSecondVersionGoesLiveAndTheFirstComesBackOnRequest() {
        assertThat(loop.retrain("als")).isEqualTo(2);
        Map<String, Map<String, Double>> expected = Histories.of(List.of(before, live, extra, lastMinute));
        loop.checkEveryUser("als", 2, expected);
        velox.api().post("/v1/models/als/versions/1/activate", "{}").ok();
        assertThat(loop.activeVersion("als")).contains(1);
        loop.checkEveryUser("als", 1, expected);
    }

    @Test
    @Order(10)
    void aKillWithTwoVersionsLoadedLosesNeither() throws IOException {
        velox.kill();
        startAgain();
        assertThat(loop.activeVersion("als")).contains(1);
        Map<String, Map<String, Double>> expected = Histories.of(List.of(before, live, extra, lastMinute));
        loop.checkEveryUser("als", 1, expected);
        velox.api().post("/v1/models/als/versions/2/activate", "{}").ok();
        loop.checkEveryUser("als", 2, expected);
    }
}
