package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_2;
import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.LIN_1;
import static io.velox.serving.predict.TestWorld.rated;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.TestWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsersTest {
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
        api.users.models.put(
                "u1",
                user("u1", 2, weights(ALS_2, 1, 7, 8, 9), weights(ALS_3, 2, 1, 2, 3), weights(LIN_1, 0, 0, 0, 0)));
        api.users.histories.put("u1", List.of(rated(41, "20", 3), rated(40, "7", 4.5)));
    }

    @Test
    void aUserIsShownWithTheWeightsThatAnswerAndTheHistoryInTheOrderOfTheLog() {
        assertThat(api.get("/v1/users/u1").body().toString())
                .isEqualTo("{\"uid\":\"u1\",\"revision\":\"0:2:41\",\"models\":{"
                        + "\"als\":{\"version\":3,\"weights\":[1.0,2.0,3.0],\"observations\":2,"
                        + "\"loss\":{\"mean\":0.5,\"count\":2}},"
                        + "\"lin\":{\"version\":1,\"weights\":[0.0,0.0,0.0],\"observations\":0,"
                        + "\"loss\":{\"mean\":0.0,\"count\":0}}},"
                        + "\"history\":[{\"item\":\"7\",\"label\":4.5,\"timestamp\":\"2026-03-01T10:00:00Z\"},"
                        + "{\"item\":\"20\",\"label\":3.0,\"timestamp\":\"2026-03-01T10:00:00Z\"}]}");
    }

    @Test
    void observationsThatALaterOneOfTheirItemFollowsAreMarked() {
        api.users.histories.put("u1", List.of(rated(41, "7", 3), rated(39, "7", 4), rated(40, "20", 4.5)));

        JsonNode history = api.get("/v1/users/u1").json().get("history");

        assertThat(history).hasSize(3);
        assertThat(history.get(0).path("superseded").booleanValue()).isTrue();
        assertThat(history.get(0).get("label").doubleValue()).isEqualTo(4);
        assertThat(history.get(1).has("superseded")).isFalse();
        assertThat(history.get(2).has("superseded")).isFalse();
    }

    @Test
    void anotherLoadedVersionsWeightsAreShownOnRequest() {
        JsonNode answer = api.get("/v1/users/u1?version=2").json();

        assertThat(answer.at("/models/als/version").intValue()).isEqualTo(2);
        assertThat(answer.at("/models/als/weights").toString()).isEqualTo("[7.0,8.0,9.0]");
        assertThat(answer.get("models").has("lin")).isFalse();
    }

    @Test
    void aUserOfWhomNothingIsKnownIsNotFound() {
        ApiFixture.Response response = api.get("/v1/users/nobody");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.json().get("code").asText()).isEqualTo("UNKNOWN_USER");
        assertThat(response.json().get("field").asText()).isEqualTo("uid");
    }

    @Test
    void aForgottenUserIsNotFound() {
        api.users.models.put("gone", new UserModel("gone", new Revision(0, 2, 50), 0, true, List.of()));

        assertThat(api.get("/v1/users/gone?after=0:2:50").status()).isEqualTo(404);
    }

    @Test
    void aReadWithAReceiptWaitsAndThenFails() {
        assertThat(api.get("/v1/users/u1?after=0:2:41&timeoutMs=50").status()).isEqualTo(200);
        assertThat(api.get("/v1/users/u1?after=0%3A2%3A42&timeoutMs=50").status())
                .isEqualTo(503);
    }

    @Test
    void aUserWhoCannotBeReadIsUnavailable() {
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is away");

        assertThat(api.get("/v1/users/u1").status()).isEqualTo(503);
    }

    @Test
    void forgettingIsARecordInTheLog() {
        JsonNode answer = api.delete("/v1/users/u%2F1").json();

        assertThat(answer.get("receipt").asText()).isEqualTo("0:1:0");
        assertThat(api.log.records).containsExactly(new UserRecord.Forgotten("u/1"));
    }

    @Test
    void theReceiptOfForgettingSaysWhatIsGoneAndByWhenTheRestWillBe() {
        JsonNode answer = api.delete("/v1/users/u1").json();

        String by = TestWorld.NOW.plus(Duration.ofDays(30)).toString();
        assertThat(answer.get("gone").toString()).isEqualTo("[\"history\",\"weights\",\"loss\"]");
        assertThat(answer.get("until").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("archive", "checkpoints", "log", "offlineWeights");
        assertThat(answer.get("until"))
                .allSatisfy(date -> assertThat(date.asText()).isEqualTo(by));
        assertThat(answer.has("stays")).isFalse();
    }

    @Test
    void theReceiptOfWithdrawingPromisesNothingForTheWeightsOfTraining() {
        JsonNode answer = api.delete("/v1/users/u1/items/7").json();

        assertThat(answer.get("gone").toString()).isEqualTo("[\"history\",\"weights\"]");
        assertThat(answer.get("until").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("archive", "checkpoints", "log");
    }

    @Test
    void aLogThatCannotForgetIsNotPromisedToForget() {
        ForgettingTerms terms = new ForgettingTerms(Duration.ofDays(3), Optional.of("it is kept whole"));
        try (ApiFixture old = new ApiFixture(new CpuPool(1, 8), terms)) {
            JsonNode answer = old.delete("/v1/users/u1").json();

            assertThat(answer.at("/stays/log").asText()).isEqualTo("it is kept whole");
            assertThat(answer.get("until").has("log")).isFalse();
        }
    }

    @Test
    void idsInPathsMayBeDots() {
        assertThat(api.delete("/v1/users/%2e%2E").status()).isEqualTo(200);
        assertThat(api.log.records).containsExactly(new UserRecord.Forgotten(".."));
    }

    @Test
    void withdrawingIsARecordInTheLog() {
        assertThat(api.delete("/v1/users/u1/items/%D0%BA").json().get("receipt").asText())
                .isEqualTo("0:1:0");
        assertThat(api.log.records).containsExactly(new UserRecord.Withdrawn("u1", Item.ofId("к")));
    }

    @Test
    void anItemThatIsDataIsWithdrawnByItsData() {
        assertThat(api.delete("/v1/users/u1/items/%5B1,2.0%5D?data=true").status())
                .isEqualTo(200);
        assertThat(((UserRecord.Withdrawn) api.log.records.get(0)).item()).isEqualTo(new Item(Item.Kind.DATA, "[1,2]"));
    }
}
