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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A matrix factorisation and two linear models of different inputs in one system, taken out of the configuration and put back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelsIT {
    private static final int RATINGS = 5_000;
    private static final String ALS =
            "als: {kind: als, rank: 5, regularization: 0.1, iterations: 4, item-bias: true, prior: gaussian}";
    private static final String SHORT =
            "short: {kind: linear, length: 2, intercept: true, regularization: 1, noise: 0.5}";
    private static final String SHORT_STRONGER =
            "short: {kind: linear, length: 2, intercept: true, regularization: 50, noise: 0.5}";
    private static final String NAMED =
            "named: {kind: linear, names: [price, age, size], intercept: false, regularization: 2, noise: 1}";

    private final Random random = new Random(5);
    private Path folder;
    private Map<String, Map<String, Double>> expected;
    private VeloxProcess velox;
    private Loop loop;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        startWith(ALS, SHORT, NAMED);
    }

    @AfterAll
    void end() {
        velox.close();
    }

    private void startWith(String... models) throws IOException {
        Path configuration = folder.resolve("velox.yaml");
        Files.writeString(
                configuration,
                "queryable-state: {timeout-ms: 20000}\nmodels:\n  " + String.join("\n  ", models) + "\n");
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration);
        loop = new Loop(velox.api());
    }

    private void restartWith(String... models) throws IOException {
        assertThat(velox.stop()).isZero();
        startWith(models);
    }

    private String observe(JsonNode item, double label) {
        ObjectNode body = Api.JSON.createObjectNode().put("uid", "sensor").put("label", label);
        body.set("item", item);
        return velox.api()
                .post("/v1/observe", body.toString())
                .ok()
                .get("receipt")
                .asText();
    }

    /** One observation that each linear model understands, and one of an item that only the factorisation knows. */
    private String observeAll(int times, String knownItem) {
        String receipt = "";
        for (int i = 0; i < times; i++) {
            ArrayNode pair =
                    Api.JSON.createArrayNode().add(random.nextGaussian()).add(random.nextGaussian());
            observe(pair, 1 + random.nextGaussian());
            ObjectNode named = Api.JSON
                    .createObjectNode()
                    .put("price", random.nextGaussian())
                    .put("age", random.nextGaussian())
                    .put("size", random.nextGaussian());
            receipt = observe(named, 2 + random.nextGaussian());
        }
        return times == 0 ? receipt : observe(Api.JSON.getNodeFactory().textNode(knownItem), 4);
    }

    private void checkSensor(String model, int version, int observations) {
        JsonNode user = Await.value("the sensor in version " + version + " of " + model, Duration.ofSeconds(60), () -> {
            JsonNode now = loop.user("sensor");
            return now.at("/models/" + model + "/version").asInt() == version ? Optional.of(now) : Optional.empty();
        });
        JsonNode state = user.at("/models/" + model);
        double[] weights = RidgeOracle.vector(state.get("weights"));
        double[] ridge = new RidgeOracle(velox.api(), model, version).weights(user.get("history"));
        assertThat(weights).hasSameSizeAs(ridge);
        for (int i = 0; i < ridge.length; i++) {
            assertThat(weights[i]).as("weight %d of %s", i, model).isCloseTo(ridge[i], offset(1e-6));
        }
        assertThat(state.get("observations").asInt())
                .as("observations of %s", model)
                .isEqualTo(observations);
    }

    @Test
    @Order(1)
    void aReadyNodeHasItsLinearModelsLive() {
        assertThat(loop.activeVersion("short")).contains(1);
        assertThat(loop.activeVersion("named")).contains(1);
    }

    @Test
    @Order(2)
    void everyModelLearnsWhatItUnderstands() throws IOException {
        List<Rating> ratings = new ArrayList<>(Ratings.load(RATINGS));
        expected = Histories.of(List.of(ratings));
        loop.awaitApplied(loop.observe(ratings));
        assertThat(loop.retrain("als")).isEqualTo(1);
        String item = ratings.get(0).item();
        loop.userAfter("sensor", observeAll(20, item));
        loop.checkEveryUser("als", 1, expected);
        checkSensor("als", 1, 1);
        checkSensor("short", 1, 20);
        checkSensor("named", 1, 20);
    }

    @Test
    @Order(3)
    void eachModelAnswersAndAUserIsSeenInAllOfThem() {
        JsonNode user = loop.user("sensor");
        assertThat(user.get("models").fieldNames()).toIterable().containsExactly("als", "named", "short");
        JsonNode answer = velox.api()
                .post("/v1/models/short/topk", "{\"uid\":\"sensor\",\"k\":2,\"items\":[[0,0],[1,2],[-3,1]]}")
                .ok();
        assertThat(answer.get("items")).hasSize(2);
        double[] w = RidgeOracle.vector(user.at("/models/short/weights"));
        JsonNode best = answer.at("/items/0");
        double score = w[2];
        for (int i = 0; i < 2; i++) {
            score += w[i] * best.at("/item/" + i).asDouble();
        }
        assertThat(best.get("score").asDouble()).isCloseTo(score, offset(1e-9));
        JsonNode named = velox.api()
                .post("/v1/models/named/predict", "{\"uid\":\"sensor\",\"item\":{\"price\":1,\"age\":0,\"size\":0}}")
                .ok();
        assertThat(named.at("/predictions/0/score").asDouble())
                .isCloseTo(user.at("/models/named/weights/0").asDouble(), offset(1e-9));
        for (String model : List.of("als", "short", "named")) {
            JsonNode health = velox.api().get("/v1/models/" + model + "/health").ok();
            assertThat(health.get("active").asInt()).isEqualTo(1);
        }
        assertThat(velox.api().get("/v1/models").ok().get("models")).hasSize(3);
    }

    @Test
    @Order(4)
    void aModelThatIsNoLongerDeclaredIsUnknownAndTheOthersGoOn() throws IOException {
        restartWith(SHORT);
        Answer answer = velox.api().post("/v1/models/als/predict", "{\"uid\":\"1\",\"item\":\"1\"}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("code").asText()).isEqualTo("UNKNOWN_MODEL");
        assertThat(answer.json().get("detail").asText()).contains("[short]");
        assertThat(velox.api().get("/v1/models/named").status()).isEqualTo(404);
        assertThat(velox.api().get("/v1/models").ok().get("models")).hasSize(1);
        assertThat(loop.user("sensor").get("models").fieldNames()).toIterable().containsExactly("short");
        assertThat(loop.user("sensor").get("history")).hasSize(41);
        checkSensor("short", 1, 20);
        ArrayNode pair = Api.JSON.createArrayNode().add(0.5).add(-0.5);
        loop.userAfter("sensor", observe(pair, 1));
        checkSensor("short", 1, 21);
    }

    @Test
    @Order(5)
    void declaredAgainTheyAreLiveWithEverythingThatWasLearntMeanwhileAndNothingIsTrained() throws IOException {
        restartWith(ALS, SHORT, NAMED);
        for (String model : List.of("als", "short", "named")) {
            assertThat(loop.activeVersion(model)).as(model).contains(1);
        }
        loop.checkEveryUser("als", 1, expected);
        checkSensor("als", 1, 1);
        checkSensor("short", 1, 21);
        checkSensor("named", 1, 20);
        assertThat(velox.api().get("/v1/models/als/versions").ok().get("versions"))
                .hasSize(1);
    }

    @Test
    @Order(6)
    void aLinearModelWithAnotherRegularizationIsANewVersionThatGoesLiveByItself() throws IOException {
        double before = norm(loop.user("sensor").at("/models/short/weights"));
        restartWith(ALS, SHORT_STRONGER, NAMED);
        checkSensor("short", 2, 21);
        assertThat(norm(loop.user("sensor").at("/models/short/weights"))).isLessThan(before);
        checkSensor("named", 1, 20);
    }

    private static double norm(JsonNode vector) {
        double sum = 0;
        for (double value : RidgeOracle.vector(vector)) {
            sum += value * value;
        }
        return sum;
    }

    @Test
    @Order(7)
    void theOthersServeWhileOneIsTrained() {
        velox.api().post("/v1/models/als/retrain", "{}").ok();
        Await.until("version 2 of als to be live", Duration.ofMinutes(6), () -> {
            JsonNode answer = velox.api()
                    .post("/v1/models/short/predict", "{\"uid\":\"sensor\",\"item\":[1,1]}")
                    .ok();
            assertThat(answer.get("version").asInt()).isEqualTo(2);
            return loop.activeVersion("als").filter(version -> version == 2).isPresent();
        });
        loop.checkEveryUser("als", 2, expected);
        checkSensor("als", 2, 1);
    }
}
