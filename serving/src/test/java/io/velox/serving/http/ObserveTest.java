package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Impression.Policy;
import io.velox.core.model.Item;
import io.velox.serving.predict.TestWorld;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObserveTest {
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
    }

    @Test
    void anObservationGivesAReceipt() {
        ApiFixture.Response response = api.post("/v1/observe", "{\"uid\":\"u1\",\"item\":\"1\",\"label\":4.5}");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toString()).isEqualTo("{\"receipt\":\"0:1:0\"}");
        assertThat(api.log.records)
                .containsExactly(
                        new UserRecord.Observed("u1", Item.ofId("1"), 4.5, TestWorld.NOW.toEpochMilli(), null, null));
    }

    @Test
    void everyFieldReachesTheLog() {
        api.post(
                "/v1/observe",
                "{\"uid\":7,\"item\":8,\"label\":-1,\"timestamp\":\"2020-02-29T23:00:00.125+02:00\",\"id\":\"o-1\","
                        + "\"impression\":\"i-1\"}");

        assertThat(api.log.records)
                .containsExactly(new UserRecord.Observed(
                        "7",
                        Item.ofId("8"),
                        -1,
                        Instant.parse("2020-02-29T21:00:00.125Z").toEpochMilli(),
                        "o-1",
                        "i-1"));
    }

    @Test
    void anArrayGivesReceiptsInItsOrder() {
        ApiFixture.Response response = api.post(
                "/v1/observe",
                "[{\"uid\":\"a\",\"item\":\"1\",\"label\":1},{\"uid\":\"b\",\"item\":[1,2.50],\"label\":2}]");

        assertThat(response.body().toString()).isEqualTo("{\"receipts\":[\"0:1:0\",\"0:1:1\"]}");
        assertThat(api.log.records).extracting(UserRecord::uid).containsExactly("a", "b");
        assertThat(((UserRecord.Observed) api.log.records.get(1)).item().text()).isEqualTo("[1,2.5]");
    }

    @Test
    void anImpressionComesBackFromItsUserForItsItemAlone() {
        String impression =
                api.impressions.sign(Policy.UNIFORM, TestWorld.ALS_3, Optional.of("a"), Item.ofId("1"), 0.01);

        assertThat(observed("a", "1", impression).status()).isEqualTo(200);
        assertThat(((UserRecord.Observed) api.log.records.get(0)).impression()).isEqualTo(impression);
        for (ApiFixture.Response refused : List.of(observed("b", "1", impression), observed("a", "2", impression))) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().get("field").asText()).isEqualTo("impression");
        }
        assertThat(api.log.records).hasSize(1);
    }

    private static ApiFixture.Response observed(String uid, String item, String impression) {
        return api.post(
                "/v1/observe",
                "{\"uid\":\"" + uid + "\",\"item\":\"" + item + "\",\"label\":1,\"impression\":\"" + impression
                        + "\"}");
    }

    @Test
    void anEmptyArrayGivesNoReceipts() {
        assertThat(api.post("/v1/observe", "[]").body().toString()).isEqualTo("{\"receipts\":[]}");
    }

    @Test
    void oneBadObservationRefusesTheWholeArray() {
        ApiFixture.Response response = api.post(
                "/v1/observe",
                "[{\"uid\":\"a\",\"item\":\"1\",\"label\":1},{\"uid\":\"a\",\"item\":\"2\",\"label\":\"2\"}]");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("[1].label");
        assertThat(api.log.records).isEmpty();
    }

    @Test
    void aLogThatCannotBeWrittenIsUnavailable() {
        api.log.isDown = true;

        ApiFixture.Response response = api.post("/v1/observe", "{\"uid\":\"u1\",\"item\":\"1\",\"label\":4.5}");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().get("code").asText()).isEqualTo("LOG_UNAVAILABLE");
        assertThat(response.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void anItemIsAcceptedBeforeAnyVersionKnowsIt() {
        api.models.entries.clear();
        api.models.loaded.clear();

        assertThat(api.post("/v1/observe", "{\"uid\":\"u1\",\"item\":\"1\",\"label\":1}")
                        .status())
                .isEqualTo(200);
        assertThat(api.post("/v1/observe", "{\"uid\":\"u1\",\"item\":[1,2],\"label\":1}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aLargeBodyIsReadOffTheEventLoopAndAnsweredTheSame() {
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < 100; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"uid\":\"u")
                    .append("x".repeat(200))
                    .append("\",\"item\":\"")
                    .append("i".repeat(240))
                    .append(i)
                    .append("\",\"label\":1}");
        }

        ApiFixture.Response response = api.post("/v1/observe", body.append(']').toString());

        assertThat(body.length()).isGreaterThan(32 << 10);
        assertThat(response.json().get("receipts")).hasSize(100);
        assertThat(api.log.records).hasSize(100);
    }

    @Test
    void aMediaTypeMayHaveACharset() {
        ApiFixture.Response response = api.send(
                "POST",
                "/v1/observe",
                "{\"uid\":\"ü\",\"item\":\"1\",\"label\":1}",
                Map.of("Content-Type", "Application/JSON; charset=\"UTF-8\""));

        assertThat(response.status()).isEqualTo(200);
        assertThat(api.log.records.get(0).uid()).isEqualTo("ü");
    }
}
