package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.rated;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.model.MatrixFactorModel;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.items.GenreGuesses;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.TestWorld;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registered items over HTTP, in front of a version that guesses by genre. */
class ItemsTest {
    private static final String ITEMS = "/v1/models/als/items";
    private static final String TOPK = "/v1/models/als/topk";

    private final ApiFixture api = new ApiFixture();

    @BeforeEach
    void load() {
        MatrixFactorModel model = TestWorld.als(ALS_3);
        ModelFeatures features = new ModelFeatures(model);
        api.models.loaded.put(
                ALS_3,
                new LoadedVersion(
                        TestWorld.manifest(ALS_3, model),
                        model,
                        features,
                        api.items.open(ALS_3, new OpenVersion(model, features, Optional.of(new GenreGuesses())))));
        api.users.models.put("u1", user("u1", 1, weights(ALS_3, 1, 10, 0, 0)));
        api.users.histories.put("u1", List.of(rated(41, "new", 4)));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private ApiFixture.Response register(String json) {
        ApiFixture.Response response = api.post(ITEMS, json);
        api.clock.advance(Duration.ofSeconds(1));
        return response;
    }

    private List<String> ranked(String json) {
        ApiFixture.Response response = api.post(TOPK, json);
        assertThat(response.status()).isEqualTo(200);
        return response.json().get("items").findValuesAsText("item");
    }

    @Test
    void aNewItemIsCreatedAndAKnownOneReplaced() {
        ApiFixture.Response created = register("{\"item\":\"a/ü\",\"metadata\":{\"genre\":\"Comedy\",\"year\":1999}}");
        ApiFixture.Response replaced = register("{\"item\":\"a/ü\",\"metadata\":{\"genre\":[\"Drama\",\"Comedy\"]}}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/v1/models/als/items/a%2F%C3%BC");
        assertThat(created.body().toString()).isEqualTo("{\"item\":\"a/ü\",\"revision\":100}");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.json().get("revision").asLong()).isEqualTo(101);
        JsonNode item = api.get(created.header("Location")).json();
        assertThat(item.toString())
                .isEqualTo(
                        "{\"item\":\"a/ü\",\"version\":3,\"features\":[0.25,1.0,1.0],\"offset\":3.75,\"noise\":0.5,"
                                + "\"provisional\":true,\"revision\":101,\"ratings\":0,\"metadata\":{\"genre\":[\"Comedy\",\"Drama\"]}}");
    }

    @Test
    void anItemThatTheVersionKnowsKeepsItsFeaturesAndShowsItsMetadata() {
        JsonNode before = api.get(ITEMS + "/1").json();
        register("{\"item\":1,\"metadata\":{\"genre\":\"Comedy\"}}");
        JsonNode after = api.get(ITEMS + "/1").json();

        assertThat(after.get("features")).isEqualTo(before.get("features"));
        assertThat(after.get("metadata").toString()).isEqualTo("{\"genre\":[\"Comedy\"]}");
        assertThat(after.has("provisional")).isFalse();
        assertThat(before.has("metadata")).isFalse();
    }

    @Test
    void anArrayGivesRevisionsInItsOrderAndIsCheckedAsAWhole() {
        assertThat(register("[{\"item\":\"a\"},{\"item\":\"b\"},{\"item\":\"a\"}]")
                        .body()
                        .toString())
                .isEqualTo("{\"revisions\":[100,101,102]}");
        ApiFixture.Response refused = register("[{\"item\":\"c\"},{\"item\":\"d\",\"metadata\":{\"year\":{}}}]");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("field").asText()).isEqualTo("[1].metadata.year");
        assertThat(api.get(ITEMS + "/c").status()).isEqualTo(404);
        assertThat(register("[" + "{\"item\":\"a\"},".repeat(ApiFixture.MAX_ITEMS) + "{\"item\":\"a\"}]")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anItemThatIsTakenBackIsUnknownAgain() {
        register("{\"item\":\"new\"}");
        assertThat(api.get(ITEMS + "/new").status()).isEqualTo(200);

        assertThat(api.delete(ITEMS + "/new").body().toString()).isEqualTo("{\"item\":\"new\",\"revision\":101}");
        api.clock.advance(Duration.ofSeconds(1));

        assertThat(api.get(ITEMS + "/new").status()).isEqualTo(404);
        assertThat(api.delete(ITEMS + "/never%20heard%20of").status()).isEqualTo(200);
    }

    @Test
    void aComputedModelTakesNoItemsAndNothingOfItPassesAFilter() {
        ApiFixture.Response response = api.post("/v1/models/lin/items", "{\"item\":\"a\"}");

        assertThat(response.status()).isEqualTo(409);
        assertThat(response.json().get("field").asText()).isEqualTo("model");
        assertThat(api.delete("/v1/models/lin/items/a").status()).isEqualTo(409);
        assertThat(api.post("/v1/models/nobody/items", "{\"item\":\"a\"}").status())
                .isEqualTo(404);
        assertThat(api.post(
                                "/v1/models/lin/topk",
                                "{\"uid\":\"u1\",\"items\":[[1,2]],\"filter\":{\"genre\":[\"Comedy\"]}}")
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void aModelWithoutAVersionTakesThem() {
        assertThat(api.post("/v1/models/bare/items", "{\"item\":\"a\"}").status())
                .isEqualTo(201);
    }

    @Test
    void whatTheLogDoesNotTakeIsUnavailable() {
        api.itemLog.isDown = true;

        assertThat(register("{\"item\":\"new\"}").status()).isEqualTo(503);
        assertThat(api.delete(ITEMS + "/new").status()).isEqualTo(503);
    }

    @Test
    void aNewItemIsRankedWithTheOthersAndMarked() {
        register("{\"item\":\"new\",\"metadata\":{\"genre\":[\"Comedy\"]}}");
        register("{\"item\":\"best\",\"metadata\":{\"genre\":[\"Comedy\",\"Horror\"]}}");
        JsonNode items = api.post(TOPK, "{\"uid\":\"u1\",\"k\":100}").json().get("items");

        assertThat(items).hasSize(TestWorld.ITEMS + 3);
        assertThat(items.findValues("score").stream().map(JsonNode::asDouble).toList())
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(items)
                .filteredOn(item -> item.has("provisional"))
                .extracting(item -> item.get("item").asText())
                .containsExactly("best", "new");
        assertThat(ranked("{\"uid\":\"u1\",\"k\":100,\"exclude\":[\"best\"]}"))
                .contains("new")
                .doesNotContain("best");
        assertThat(ranked("{\"uid\":\"u1\",\"k\":100,\"exclude\":\"seen\"}"))
                .contains("best")
                .doesNotContain("new");
        assertThat(ranked("{\"uid\":\"u1\",\"k\":2,\"items\":[\"new\",\"no\",\"best\",\"25\"]}"))
                .containsExactly("best", "new");
    }

    @Test
    void aNewItemIsPredictedWithItsUncertaintyAndLearntByNobody() {
        register("{\"item\":\"new\",\"metadata\":{\"genre\":[\"Comedy\"]}}");
        String question = "{\"uid\":\"u1\",\"items\":[\"new\",\"no\"],\"uncertainty\":true,\"explain\":true}";
        JsonNode answer = api.post("/v1/models/als/predict", question).json();

        JsonNode prediction = answer.at("/predictions/0");
        assertThat(prediction.get("score").asDouble()).isEqualTo(10 * 0.75 + 3.5);
        assertThat(prediction.get("provisional").asBoolean()).isTrue();
        assertThat(prediction.get("uncertainty").asDouble()).isPositive();
        assertThat(prediction.at("/explanation/because")).isEmpty();
        assertThat(answer.get("unknown").toString()).isEqualTo("[\"no\"]");
        assertThat(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"new\"}")
                        .json()
                        .at("/predictions/0/provisional")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aFilterPassesWhatHasOneOfTheValuesInEachField() {
        register("[{\"item\":\"1\",\"metadata\":{\"genre\":[\"Comedy\"],\"year\":1999}},"
                + "{\"item\":\"2\",\"metadata\":{\"genre\":[\"Drama\"],\"year\":1999}},"
                + "{\"item\":\"3\",\"metadata\":{\"genre\":[\"Comedy\",\"Drama\"],\"year\":2000}},"
                + "{\"item\":\"new\",\"metadata\":{\"genre\":\"Drama\",\"year\":\"1999\"}}]");

        assertThat(filtered("{\"genre\":[\"Comedy\"]}")).containsExactlyInAnyOrder("1", "3");
        assertThat(filtered("{\"genre\":[\"Comedy\",\"Drama\"],\"year\":1999.0}"))
                .containsExactlyInAnyOrder("1", "2", "new");
        assertThat(filtered("{\"genre\":\"Drama\",\"year\":[1999]}")).containsExactlyInAnyOrder("2", "new");
        assertThat(filtered("{\"genre\":[\"Western\"]}")).isEmpty();
        assertThat(filtered("{\"colour\":[\"red\"]}")).isEmpty();
        assertThat(filtered("{}")).hasSize(TestWorld.ITEMS + 2);
        assertThat(ranked(
                        "{\"uid\":\"u1\",\"items\":[\"2\",\"3\",\"4\",\"new\",\"no\"],\"filter\":{\"genre\":[\"Drama\"]},"
                                + "\"exclude\":[\"3\"]}"))
                .containsExactlyInAnyOrder("2", "new");
    }

    private List<String> filtered(String filter) {
        return ranked("{\"uid\":\"u1\",\"k\":100,\"filter\":" + filter + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7                     | filter",
                "null                  | filter",
                "{\"genre\":null}      | filter.genre",
                "{\"genre\":[]}        | filter.genre",
                "{\"genre\":[\"a\",[]]}| filter.genre[1]",
                "{\"genre\":{}}        | filter.genre"
            })
    void aFilterOfAnotherFormIsRefusedByItsField(String filter, String field) {
        ApiFixture.Response response = api.post(TOPK, "{\"uid\":\"u1\",\"filter\":" + filter + "}");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo(field);
    }

    @Test
    void listsThatExploreOrVaryPassTheFilterToo() {
        register(
                "[{\"item\":\"1\",\"metadata\":{\"genre\":\"Comedy\"}},{\"item\":\"2\",\"metadata\":{\"genre\":\"Comedy\"}},"
                        + "{\"item\":\"3\",\"metadata\":{\"genre\":\"Drama\"}},{\"item\":\"new\",\"metadata\":{\"genre\":\"Comedy\"}}]");
        String comedies = "{\"uid\":\"u1\",\"k\":10,\"filter\":{\"genre\":[\"Comedy\"]},";
        String explore = "\"explore\":{\"policy\":\"epsilon\",\"epsilon\":0.5}}";

        assertThat(ranked(comedies + "\"diversity\":0.5}")).containsExactlyInAnyOrder("1", "2", "new");
        assertThat(ranked(comedies + explore)).containsExactlyInAnyOrder("1", "2", "new");
        JsonNode given = api.post(TOPK, comedies + "\"items\":[\"1\",\"3\",\"new\"]," + explore)
                .json()
                .get("items");
        assertThat(given.findValuesAsText("item")).containsExactlyInAnyOrder("1", "new");
        assertThat(given)
                .filteredOn(item -> item.has("provisional"))
                .extracting(item -> item.get("item").asText())
                .containsExactly("new");
    }

    @Test
    void aFilterOfOneRequestOfSeveralIsNamedByItsPlace() {
        ApiFixture.Response response =
                api.post(TOPK, "{\"requests\":[{\"uid\":\"u1\"},{\"uid\":\"u1\",\"filter\":{\"genre\":null}}]}");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("requests[1].filter.genre");
    }
}
