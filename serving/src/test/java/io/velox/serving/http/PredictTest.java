package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_2;
import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.LIN_1;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Posterior;
import io.velox.serving.predict.TestWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictTest {
    private static ApiFixture api;

    @BeforeAll
    static void start() {
        api = new ApiFixture();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void reset() {
        api.reset();
        api.users.models.put("u1", user("u1", 2, weights(ALS_3, 2, 1, 2, 3), weights(LIN_1, 1, 4, 5, 6)));
    }

    @Test
    void theAnswerSaysWhichVersionHowFreshAndFromWhat() {
        ApiFixture.Response response = api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\"}");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toString())
                .isEqualTo(
                        "{\"model\":\"als\",\"version\":3,\"uid\":\"u1\",\"revision\":\"0:2:41\",\"source\":\"personal\","
                                + "\"predictions\":[{\"item\":\"20\",\"score\":7.0}]}");
    }

    @Test
    void anUnknownUserIsServedFromThePrior() {
        JsonNode answer = api.post("/v1/models/als/predict", "{\"uid\":\"nobody\",\"item\":20}")
                .json();

        assertThat(answer.get("source").asText()).isEqualTo("prior");
        assertThat(answer.has("revision")).isFalse();
        assertThat(answer.at("/predictions/0/score").doubleValue()).isCloseTo(3 + 0.05 - 0.05 + 0.05, within(1e-12));
    }

    @Test
    void ofSeveralItemsTheKnownOnesAreAnsweredInOrderAndTheUnknownOnesNamed() {
        JsonNode answer = api.post(
                        "/v1/models/als/predict",
                        "{\"uid\":\"u1\",\"items\":[\"7\",\"new\",3,7," + ApiFixture.json(TestWorld.STRANGE_ITEM)
                                + "]}")
                .json();

        assertThat(answer.get("predictions").findValuesAsText("item"))
                .containsExactly("7", "3", "7", TestWorld.STRANGE_ITEM);
        assertThat(answer.get("unknown")).hasSize(1);
        assertThat(answer.at("/unknown/0").asText()).isEqualTo("new");
        FeatureVector seven = TestWorld.als(ALS_3).features(Item.ofId("7")).orElseThrow();
        assertThat(answer.at("/predictions/0/score").doubleValue()).isEqualTo(seven.score(new double[] {1, 2, 3}));
    }

    @Test
    void somebodyWithoutANameIsAnsweredFromWhatTheRequestBrings() {
        JsonNode answer = api.post(
                        "/v1/models/als/predict",
                        "{\"session\":[{\"item\":\"1\",\"label\":5},{\"item\":\"2\",\"label\":1},{\"item\":\"1\",\"label\":4},"
                                + "{\"item\":\"new\",\"label\":4}],\"items\":[\"7\"]}")
                .json();

        MatrixFactorModel als = TestWorld.als(ALS_3);
        double[] expected = Posterior.of(als, List.of(TestWorld.rated(1, "2", 1), TestWorld.rated(2, "1", 4)))
                .learner()
                .weights();
        assertThat(answer.get("source").asText()).isEqualTo("session");
        assertThat(answer.has("uid")).isFalse();
        assertThat(answer.at("/predictions/0/score").doubleValue())
                .isCloseTo(als.features(Item.ofId("7")).orElseThrow().score(expected), within(1e-12));
        assertThat(api.log.records).isEmpty();
    }

    @Test
    void aUserBringsMoreObservationsForOneRequest() {
        List<HistoryEntry> history = List.of(TestWorld.rated(1, "1", 5), TestWorld.rated(2, "2", 1));
        api.users.histories.put("u1", history);
        JsonNode answer = api.post(
                        "/v1/models/als/predict",
                        "{\"uid\":\"u1\",\"session\":[{\"item\":\"2\",\"label\":5}],\"items\":[\"7\"]}")
                .json();

        MatrixFactorModel als = TestWorld.als(ALS_3);
        double[] expected = Posterior.of(als, List.of(TestWorld.rated(1, "1", 5), TestWorld.rated(2, "2", 5)))
                .learner()
                .weights();
        assertThat(answer.get("source").asText()).isEqualTo("session");
        assertThat(answer.get("revision").asText()).isEqualTo("0:2:41");
        assertThat(answer.at("/predictions/0/score").doubleValue())
                .isCloseTo(als.features(Item.ofId("7")).orElseThrow().score(expected), within(1e-12));
        assertThat(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\"}")
                        .json()
                        .at("/predictions/0/score")
                        .doubleValue())
                .as("nothing of it stays")
                .isEqualTo(7);
    }

    @Test
    void theUncertaintyOfAScoreIsThatOfThePosterior() {
        api.users.histories.put("u1", List.of(TestWorld.rated(1, "1", 5), TestWorld.rated(2, "2", 1)));
        JsonNode answer = api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"7\",\"uncertainty\":true}")
                .json();

        MatrixFactorModel als = TestWorld.als(ALS_3);
        FeatureVector seven = als.features(Item.ofId("7")).orElseThrow();
        double variance = Posterior.of(als, List.of(TestWorld.rated(1, "1", 5), TestWorld.rated(2, "2", 1)))
                .learner()
                .uncertainty(seven);
        assertThat(answer.at("/predictions/0/uncertainty").doubleValue()).isCloseTo(Math.sqrt(variance), within(1e-12));
        assertThat(answer.at("/predictions/0/score").doubleValue())
                .as("of the weights that are served")
                .isEqualTo(seven.score(new double[] {1, 2, 3}));
        assertThat(answer.get("source").asText()).isEqualTo("personal");
        double ofStranger = api.post(
                        "/v1/models/als/predict", "{\"uid\":\"nobody\",\"item\":\"7\",\"uncertainty\":true}")
                .json()
                .at("/predictions/0/uncertainty")
                .doubleValue();
        assertThat(ofStranger).isGreaterThan(Math.sqrt(variance));
    }

    @Test
    void anExplanationSumsUpToTheScore() {
        JsonNode answer = api.post(
                        "/v1/models/als/predict",
                        "{\"session\":[{\"item\":\"1\",\"label\":5},{\"item\":\"2\",\"label\":1},{\"item\":\"3\",\"label\":2},"
                                + "{\"item\":\"4\",\"label\":5},{\"item\":\"5\",\"label\":4},{\"item\":\"6\",\"label\":3},"
                                + "{\"item\":\"8\",\"label\":1}],\"item\":\"7\",\"explain\":true}")
                .json();

        JsonNode why = answer.at("/predictions/0/explanation");
        assertThat(why.get("because")).hasSize(5);
        double sum = why.get("prior").doubleValue() + why.get("others").doubleValue();
        double before = Double.POSITIVE_INFINITY;
        for (JsonNode because : why.get("because")) {
            double contribution = because.get("contribution").doubleValue();
            assertThat(Math.abs(contribution)).isLessThanOrEqualTo(before);
            before = Math.abs(contribution);
            sum += contribution;
        }
        assertThat(answer.at("/predictions/0/score").doubleValue()).isCloseTo(sum, within(1e-12));
    }

    @Test
    void aSessionOfNothingLeavesThePrior() {
        JsonNode answer = api.post("/v1/models/als/predict", "{\"session\":[],\"items\":[\"7\"]}")
                .json();
        assertThat(answer.get("source").asText()).isEqualTo("prior");
    }

    @Test
    void noItemsGiveNoPredictions() {
        assertThat(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"items\":[]}")
                        .json()
                        .get("predictions"))
                .isEmpty();
    }

    @Test
    void aSingleUnknownItemIsNotFound() {
        ApiFixture.Response response = api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"new\"}");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.json().get("code").asText()).isEqualTo("UNKNOWN_ITEM");
        assertThat(response.json().get("field").asText()).isEqualTo("item");
        assertThat(response.json().get("detail").asText()).contains("'new'");
    }

    @Test
    void aComputedModelTakesTheItemsData() {
        JsonNode answer = api.post("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":[0.50,-2]}")
                .json();

        assertThat(answer.at("/predictions/0/score").doubleValue()).isEqualTo(4 * 0.5 - 5 * 2 + 6);
        assertThat(answer.at("/predictions/0/item").toString()).isEqualTo("[0.5,-2]");
    }

    @Test
    void aUserWhoIsNotRebasedYetIsServedByTheStandbyVersionComplete() {
        api.users.models.put("late", user("late", 1, weights(ALS_2, 1, 1, 0, 0)));

        JsonNode answer = api.post("/v1/models/als/predict", "{\"uid\":\"late\",\"item\":\"7\"}")
                .json();

        FeatureVector seven = TestWorld.als(ALS_2).features(Item.ofId("7")).orElseThrow();
        assertThat(answer.get("version").intValue()).isEqualTo(2);
        assertThat(answer.at("/predictions/0/score").doubleValue()).isEqualTo(seven.score(new double[] {1, 0, 0}));
    }

    @Test
    void aReceiptThatIsReachedIsAnswered() {
        ApiFixture.Response response = api.post(
                "/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\",\"after\":\"0:2:41\",\"timeoutMs\":1234}");

        assertThat(response.status()).isEqualTo(200);
        assertThat(api.users.lastTimeout).isEqualTo(Duration.ofMillis(1234));
    }

    @Test
    void aReceiptThatIsNotReachedInTimeIsUnavailable() {
        ApiFixture.Response response =
                api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\",\"after\":\"0:2:42\"}");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isEqualTo("1");
        assertThat(response.json().get("code").asText()).isEqualTo("RECEIPT_TIMEOUT");
        assertThat(api.users.lastTimeout).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aReceiptOfAnotherPartitionIsRefused() {
        ApiFixture.Response response =
                api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\",\"after\":\"0:1:1\"}");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("code").asText()).isEqualTo("INVALID_RECEIPT");
        assertThat(response.json().get("field").asText()).isEqualTo("after");
    }

    @Test
    void aUserWhoCannotBeReadIsServedFromThePriorAndTheAnswerSaysSo() {
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is away");

        JsonNode answer = api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\"}")
                .json();

        assertThat(answer.get("source").asText()).isEqualTo("prior");
        assertThat(answer.get("degraded").asText()).contains("the job is away");
    }

    @Test
    void aUserWhoCannotBeReadIsUnavailableToAReadWithAReceipt() {
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is away");

        assertThat(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\",\"after\":\"0:2:1\"}")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aModelWithoutAnActiveVersionIsUnavailableAndTheProblemSaysWhatToDo() {
        ApiFixture.Response response = api.post("/v1/models/bare/predict", "{\"uid\":\"u1\",\"item\":\"20\"}");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().get("code").asText()).isEqualTo("MODEL_NOT_LOADED");
        assertThat(response.json().get("detail").asText()).contains("/v1/models/bare/retrain");
        assertThat(response.header("Retry-After")).isNotEmpty();
    }

    @Test
    void aDefectIsAnInternalProblemThatTellsNothing() {
        api.users.models.put("u1", user("u1", 1, weights(ALS_3, 1, Double.NaN, 0, 0)));

        ApiFixture.Response response = api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"20\"}");

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.json().get("code").asText()).isEqualTo("INTERNAL");
    }
}
