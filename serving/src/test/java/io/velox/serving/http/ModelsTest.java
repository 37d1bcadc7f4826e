package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.serving.predict.TestWorld;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelsTest {
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
    void clear() {
        api.lifecycle.calls.clear();
    }

    @Test
    void allModelsAreListedThoseWithoutAVersionToo() {
        JsonNode answer = api.get("/v1/models").json();

        assertThat(answer.get("models").findValuesAsText("model")).containsExactly("als", "bare", "lin");
        assertThat(answer.at("/models/0/active").intValue()).isEqualTo(3);
        assertThat(answer.at("/models/1/active").isMissingNode()).isTrue();
        assertThat(answer.at("/models/1/versions")).isEmpty();
    }

    @Test
    void aModelShowsItsVersionsAndWhichAnswers() {
        JsonNode answer = api.get("/v1/models/als").json();

        assertThat(answer.get("kind").asText()).isEqualTo("als");
        assertThat(answer.get("active").intValue()).isEqualTo(3);
        assertThat(answer.get("versions").findValuesAsText("state"))
                .containsExactly("RETIRED", "STANDBY", "ACTIVE", "REJECTED");
        assertThat(answer.at("/versions/2/activatedAt").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(answer.at("/versions/3/reason").asText()).isEqualTo("a checksum is wrong");
    }

    @Test
    void versionsAreListed() {
        JsonNode answer = api.get("/v1/models/als/versions").json();

        assertThat(answer.get("model").asText()).isEqualTo("als");
        assertThat(answer.get("versions").findValuesAsText("version")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aVersionShowsItsStateAndManifest() {
        JsonNode answer = api.get("/v1/models/als/versions/3").json();

        assertThat(answer.get("state").asText()).isEqualTo("ACTIVE");
        assertThat(answer.get("dimension").intValue()).isEqualTo(3);
        assertThat(answer.at("/prior/kind").asText()).isEqualTo("mean");
        assertThat(answer.at("/prior/mean").toString()).isEqualTo("[0.1,-0.2,0.05]");
        assertThat(answer.at("/prior/covariance").toString()).isEqualTo("[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]");
        assertThat(answer.get("noise").doubleValue()).isEqualTo(0.6);
        assertThat(answer.at("/metrics/heldOutRmse").doubleValue()).isEqualTo(0.9);
    }

    @Test
    void aVersionThatIsNotLoadedShowsTheManifestInTheStore() {
        JsonNode answer = api.get("/v1/models/als/versions/1").json();

        assertThat(answer.get("state").asText()).isEqualTo("RETIRED");
        assertThat(answer.get("version").intValue()).isEqualTo(1);
        assertThat(answer.get("noise").doubleValue()).isEqualTo(0.6);
    }

    @Test
    void aVersionWhoseManifestIsCorruptShowsItsStateAndSaysSo() {
        JsonNode answer = api.get("/v1/models/als/versions/4").json();

        assertThat(answer.get("state").asText()).isEqualTo("REJECTED");
        assertThat(answer.get("degraded").asText()).contains("manifest.json is no JSON");
    }

    @Test
    void healthShowsTheLossOfEachLoadedVersion() {
        JsonNode answer = api.get("/v1/models/als/health").json();

        assertThat(answer.get("lastReport").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(answer.get("versions").findValuesAsText("version")).containsExactly("2", "3", "4");
        assertThat(answer.at("/versions/1/loss").toString()).isEqualTo("{\"mean\":0.75,\"count\":4}");
        assertThat(answer.at("/versions/1/unknown").asInt()).isEqualTo(6);
        assertThat(answer.at("/versions/1/loadedEverywhere").booleanValue()).isTrue();
        assertThat(answer.at("/versions/2/rejection").asText()).isEqualTo("a checksum is wrong");
    }

    @Test
    void healthHoldsEachVersionAgainstItsPromise() {
        JsonNode version = api.get("/v1/models/als/health").json().at("/versions/1");

        assertThat(version.at("/windows/minute").toString()).isEqualTo("{\"mean\":1.62,\"count\":1}");
        assertThat(version.at("/windows/tenMinutes").toString()).isEqualTo("{\"mean\":0.81,\"count\":2}");
        assertThat(version.at("/windows/hour/count").intValue()).isEqualTo(2);
        assertThat(version.at("/promise/loss").doubleValue()).isEqualTo(0.81, within(1e-12));
        assertThat(version.at("/promise/ratio").doubleValue()).isEqualTo(1, within(1e-12));
        assertThat(version.get("validation").toString()).isEqualTo("{\"mean\":0.5,\"count\":1}");
        assertThat(version.at("/crossValidation/count").intValue()).isEqualTo(4);
        assertThat(version.at("/crossValidation/mean").doubleValue()).isEqualTo(0.625);
        assertThat(version.at("/worst/0").toString()).isEqualTo("{\"uid\":\"u7\",\"loss\":4.5,\"count\":9}");
    }

    @Test
    void healthHasPairsFreshnessAuditAndHistoryOfTheMinutesAskedFor() {
        JsonNode answer = api.get("/v1/models/als/health").json();

        assertThat(answer.at("/pairs/0").toString())
                .startsWith(
                        "{\"first\":2,\"second\":3,\"count\":2,\"firstMean\":1.5,\"secondMean\":1.0,\"standardError\":");
        assertThat(answer.at("/pairs/1").has("standardError")).isFalse();
        assertThat(answer.get("history")).hasSize(2);
        assertThat(answer.at("/history/1/at").asText()).isEqualTo("2026-03-01T09:59:00Z");
        assertThat(answer.at("/history/1/versions/0/loss").toString()).isEqualTo("{\"mean\":0.75,\"count\":1}");
        assertThat(answer.at("/history/1/audit/differing").intValue()).isEqualTo(1);
        assertThat(answer.at("/freshness/1").toString())
                .isEqualTo("{\"at\":\"2026-03-01T09:59:00Z\",\"count\":1,\"p50\":4,\"p99\":9,\"max\":9}");
        assertThat(answer.at("/audit/users").intValue()).isEqualTo(19);
        assertThat(api.get("/v1/models/als/health?minutes=1440").json().get("history"))
                .hasSize(3);
        assertThat(api.get("/v1/models/als/health?minutes=1").json().get("history"))
                .hasSize(1);
        assertThat(api.get("/v1/models/als/health?minutes=1441").status()).isEqualTo(400);
        assertThat(api.get("/v1/models/lin/health").json().get("history")).isEmpty();
    }

    @Test
    void anItemShowsItsFeaturesInTheActiveVersionOrAnother() {
        assertThat(api.get("/v1/models/als/items/20").body().toString())
                .isEqualTo("{\"item\":\"20\",\"version\":3,\"features\":[0.5,0.25,1.0],\"offset\":3.0,"
                        + "\"noise\":0.10000000149011612}");
        assertThat(api.get("/v1/models/als/items/1?version=2")
                        .json()
                        .get("version")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void anItemMayHaveAnyNameThatIsPercentEncoded() {
        JsonNode answer = api.get("/v1/models/als/items/" + encoded(TestWorld.STRANGE_ITEM))
                .json();

        assertThat(answer.get("item").asText()).isEqualTo(TestWorld.STRANGE_ITEM);
    }

    @Test
    void anItemOfAComputedModelIsItsDataInThePath() {
        assertThat(api.get("/v1/models/lin/items/" + encoded("[0.5, 2]")).body().toString())
                .isEqualTo("{\"item\":[0.5,2],\"version\":1,\"features\":[0.5,2.0,1.0],\"offset\":0.0,\"noise\":0.0}");
    }

    @Test
    void aRetrainingIsAcceptedAndShown() {
        ApiFixture.Response response = api.post("/v1/models/als/retrain", "");

        assertThat(response.status()).isEqualTo(202);
        assertThat(response.header("Location")).isEqualTo("/v1/models/als");
        assertThat(response.json().at("/training/version").intValue()).isEqualTo(5);
        assertThat(api.lifecycle.calls).containsExactly("retrain als");
    }

    @Test
    void aRefreshIsAKindOfTraining() {
        assertThat(api.post("/v1/models/als/retrain?kind=refresh", "").status()).isEqualTo(202);
        assertThat(api.lifecycle.calls).containsExactly("retrain als REFRESH");
        ApiFixture.Response response = api.post("/v1/models/als/retrain?kind=half", "");
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("kind");
    }

    @Test
    void aVersionIsForced() {
        assertThat(api.post("/v1/models/als/versions/2/activate?force=true", "").status())
                .isIn(200, 202);
        assertThat(api.lifecycle.calls).containsExactly("activate als/2 by force");
        ApiFixture.Response response = api.post("/v1/models/als/versions/2/activate?force=maybe", "");
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("force");
    }

    @Test
    void aVersionTellsItsHistory() {
        ApiFixture.Response response = api.get("/v1/models/als/versions/3/history");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().at("/events/0/origin/cause/detail").asText()).isEqualTo("somebody");
        assertThat(response.json().at("/events/1/verdict/checks/0/count").asInt())
                .isEqualTo(500);
        assertThat(api.get("/v1/models/als/versions/9/history").status()).isEqualTo(404);
    }

    @Test
    void aDeclaredModelWithoutAVersionCanBeTrained() {
        assertThat(api.post("/v1/models/bare/retrain", "").status()).isEqualTo(202);
    }

    @Test
    void aModelWithNothingToTrainIsAConflict() {
        ApiFixture.Response response = api.post("/v1/models/lin/retrain", "");

        assertThat(response.status()).isEqualTo(409);
        assertThat(response.json().get("code").asText()).isEqualTo("NOT_TRAINABLE");
    }

    @Test
    void aLoadedVersionGoesLiveAtOnce() {
        ApiFixture.Response response = api.post("/v1/models/als/versions/2/activate", "");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("active").intValue()).isEqualTo(2);
        assertThat(api.lifecycle.calls).containsExactly("activate als/2");
    }

    @Test
    void aVersionThatHasToBeLoadedIsAccepted() {
        ApiFixture.Response response = api.post("/v1/models/als/versions/1/activate", "");

        assertThat(response.status()).isEqualTo(202);
        assertThat(response.json().get("active").intValue()).isEqualTo(3);
    }

    @Test
    void aRejectedVersionDoesNotGoLive() {
        ApiFixture.Response response = api.post("/v1/models/als/versions/4/activate", "");

        assertThat(response.status()).isEqualTo(409);
        assertThat(response.json().get("detail").asText()).contains("a checksum is wrong");
        assertThat(api.lifecycle.calls).isEmpty();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
