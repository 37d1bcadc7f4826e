package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.rated;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.predict.TestWorld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RankTopTest {
    private static final double[] WEIGHTS = {1, -0.5, 0.2};

    private static final FactorTable ALS = TestWorld.als(ALS_3).factors();

    private static ApiFixture api;

    @BeforeAll
    static void start() {
        api = new ApiFixture();
        api.users.models.put("u1", user("u1", 2, weights(ALS_3, 2, WEIGHTS)));
        api.users.histories.put("u1", List.of(rated(40, "7", 4), rated(41, "20", 3)));
        api.users.models.put("flat", user("flat", 1, weights(ALS_3, 1, 0, 0, 0)));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @AfterEach
    void recover() {
        api.users.failure = null;
    }

    @Test
    void tenOfTheWholeCatalogueAreTheDefault() {
        ApiFixture.Response response = api.post("/v1/models/als/topk", "{\"uid\":\"u1\"}");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toString())
                .startsWith("{\"model\":\"als\",\"version\":3,\"uid\":\"u1\",\"revision\":\"0:2:41\","
                        + "\"source\":\"personal\",\"items\":[{\"item\":");
        assertThat(items(response)).isEqualTo(bruteForce(10, Set.of()));
        assertThat(response.json().has("unknown")).isFalse();
    }

    @Test
    void everyItemIsRankedWhenKIsLargerThanTheCatalogue() {
        ApiFixture.Response response = api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":100}");

        assertThat(items(response)).isEqualTo(bruteForce(TestWorld.ITEMS + 1, Set.of()));
    }

    @Test
    void tiesGoToTheSmallerId() {
        ApiFixture.Response response = api.post(
                "/v1/models/als/topk", "{\"uid\":\"flat\",\"k\":4,\"items\":[\"39\",\"21\",\"30\",\"30\",\"20\"]}");

        assertThat(items(response)).containsExactly("20", "21", "30", "39");
    }

    @Test
    void listedItemsAreLeftOut() {
        ApiFixture.Response response =
                api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":5,\"exclude\":[\"14\",8,\"unheard of\",\"8\"]}");

        assertThat(items(response)).isEqualTo(bruteForce(5, Set.of("14", "8")));
    }

    @Test
    void whatTheUserHasSeenIsLeftOut() {
        ApiFixture.Response response =
                api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":100,\"exclude\":\"seen\"}");

        assertThat(items(response)).isEqualTo(bruteForce(100, Set.of("7", "20")));
    }

    @Test
    void whatTheUserHasSeenIsLeftOutOfGivenItemsToo() {
        ApiFixture.Response response =
                api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"items\":[7,8,\"no\"],\"exclude\":\"seen\"}");

        assertThat(items(response)).containsExactly("8");
        assertThat(response.json().at("/unknown/0").asText()).isEqualTo("no");
    }

    @Test
    void withoutTheHistoryExclusionIsNotPretended() {
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is away");

        assertThat(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"exclude\":\"seen\"}")
                        .status())
                .isEqualTo(503);
        assertThat(api.post("/v1/models/als/topk", "{\"uid\":\"u1\"}")
                        .json()
                        .get("degraded")
                        .asText())
                .contains("the job is away");
    }

    @Test
    void severalRequestsGetWhatEachWouldGetAlone() {
        List<String> requests = List.of(
                "{\"uid\":\"u1\",\"k\":3}",
                "{\"uid\":\"flat\",\"k\":4,\"items\":[\"39\",\"21\",\"no\"]}",
                "{\"uid\":\"u1\",\"exclude\":\"seen\",\"explain\":true}",
                "{\"session\":[{\"item\":\"1\",\"label\":5}],\"offset\":2}");

        JsonNode answers = api.post("/v1/models/als/topk", "{\"requests\":[" + String.join(",", requests) + "]}")
                .json()
                .get("answers");

        assertThat(answers).hasSameSizeAs(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(answers.get(i))
                    .isEqualTo(api.post("/v1/models/als/topk", requests.get(i)).json());
        }
        assertThat(api.post("/v1/models/als/topk", "{\"requests\":[]}").json().get("answers"))
                .isEmpty();
    }

    @Test
    void pagesContinueOneAnother() {
        List<String> all = items(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":100}"));
        List<String> pages = new ArrayList<>();
        for (int offset = 0; offset < all.size(); offset += 7) {
            pages.addAll(items(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":7,\"offset\":" + offset + "}")));
        }

        assertThat(pages).isEqualTo(all);
        assertThat(items(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":7,\"offset\":93}")))
                .isEmpty();
    }

    @Test
    void aVariedListBeginsWithTheBestAndHasOthersThenWithTheirOwnScores() {
        List<String> plain = items(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":10}"));
        JsonNode varied = api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":10,\"diversity\":0.9}")
                .json();
        List<String> ids = varied.get("items").findValuesAsText("item");

        assertThat(ids)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .startsWith(plain.get(0))
                .isNotEqualTo(plain);
        for (JsonNode item : varied.get("items")) {
            assertThat(item.get("score").doubleValue())
                    .isCloseTo(score(ALS, ALS.row(item.get("item").asText())), within(1e-12));
        }
        assertThat(items(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"k\":4,\"offset\":6,\"diversity\":0.9}")))
                .isEqualTo(ids.subList(6, 10));
    }

    @Test
    void whatIsLikeAnItemIsFoundByTheCosineOfItsFeatures() {
        JsonNode answer = api.get("/v1/models/als/items/7/similar?k=3").json();

        double[] seven = ALS.features(ALS.row("7")).values();
        List<String> expected = IntStream.range(0, ALS.size())
                .boxed()
                .filter(row -> !ALS.item(row).equals("7"))
                .sorted(Comparator.comparingDouble((Integer row) ->
                                -cosine(seven, ALS.features(row).values()))
                        .thenComparing(ALS::item))
                .limit(3)
                .map(ALS::item)
                .toList();
        assertThat(answer.get("items").findValuesAsText("item")).isEqualTo(expected);
        assertThat(answer.at("/items/0/similarity").doubleValue())
                .isCloseTo(cosine(seven, ALS.features(ALS.row(expected.get(0))).values()), within(1e-12));
        assertThat(api.get("/v1/models/als/items/unheard/similar").status()).isEqualTo(404);
        assertThat(api.get("/v1/models/lin/items/7/similar").status()).isEqualTo(400);
    }

    /** Without the constant, which is last. */
    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double squares = 0;
        double others = 0;
        for (int i = 0; i < a.length - 1; i++) {
            product += a[i] * b[i];
            squares += a[i] * a[i];
            others += b[i] * b[i];
        }
        return product / Math.sqrt(squares * others);
    }

    @Test
    void explorationSaysHowEachItemCameToBeShown() {
        for (String explore : List.of(
                "{\"policy\":\"greedy\"}",
                "{\"policy\":\"epsilon\",\"epsilon\":0.5}",
                "{\"policy\":\"ucb\",\"alpha\":2}",
                "{\"policy\":\"thompson\",\"draws\":4}")) {
            for (String items : List.of("", "\"items\":[30,31,32,33,34,35,\"no\"],")) {
                JsonNode answer = api.post(
                                "/v1/models/als/topk",
                                "{\"uid\":\"u1\",\"k\":5,\"exclude\":\"seen\"," + items + "\"uncertainty\":true,"
                                        + "\"explore\":" + explore + "}")
                        .json();

                assertThat(answer.get("items")).hasSize(5);
                for (JsonNode item : answer.get("items")) {
                    String id = item.get("item").asText();
                    assertThat(id).isNotIn("7", "20");
                    assertThat(item.get("score").doubleValue()).isCloseTo(score(ALS, ALS.row(id)), within(1e-12));
                    assertThat(item.get("explored").isBoolean()).isTrue();
                    assertThat(item.get("uncertainty").doubleValue()).isPositive();
                    assertThat(item.get("propensity").doubleValue())
                            .isPositive()
                            .isLessThanOrEqualTo(1);
                    String impression = item.get("impression").asText();
                    assertThat(api.impressions.isOurs(impression, "u1", Item.ofId(id)))
                            .isTrue();
                    assertThat(explore.contains(impression.substring(0, impression.indexOf(':')))
                                    || impression.startsWith("uniform:"))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void epsilonNeedsNoHistoryAndTheOthersDoNotPretendToHaveIt() {
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is away");

        assertThat(explored("epsilon").json().get("degraded").asText()).contains("the job is away");
        assertThat(explored("ucb").status()).isEqualTo(503);
        assertThat(explored("thompson").status()).isEqualTo(503);
    }

    private ApiFixture.Response explored(String policy) {
        return api.post("/v1/models/als/topk", "{\"uid\":\"away\",\"explore\":{\"policy\":\"" + policy + "\"}}");
    }

    @Test
    void somebodyWithoutANameExploresToo() {
        JsonNode answer = api.post(
                        "/v1/models/als/topk",
                        "{\"session\":[{\"item\":\"1\",\"label\":5}],\"exclude\":\"seen\",\"k\":3,"
                                + "\"explore\":{\"policy\":\"ucb\"}}")
                .json();

        assertThat(answer.get("items")).hasSize(3);
        String impression = answer.at("/items/0/impression").asText();
        assertThat(api.impressions.isOurs(
                        impression,
                        "anybody",
                        Item.ofId(answer.at("/items/0/item").asText())))
                .isTrue();
    }

    @Test
    void anAnswerAfterTheNextObservationIsNotFromTheHistoryBefore() {
        api.users.models.put("mover", mover(40, 1));
        api.users.histories.put("mover", List.of(rated(40, "7", 4)));
        assertThat(seenBy("mover")).contains("20").doesNotContain("7");
        assertThat(seenBy("mover")).contains("20").doesNotContain("7");

        api.users.models.put("mover", mover(41, 2));
        api.users.histories.put("mover", List.of(rated(40, "7", 4), rated(41, "20", 3)));

        assertThat(seenBy("mover")).doesNotContain("7", "20");
    }

    private static UserModel mover(long offset, int observations) {
        return new UserModel(
                "mover",
                new Revision(0, 2, offset),
                observations,
                false,
                List.of(weights(ALS_3, observations, WEIGHTS)));
    }

    private List<String> seenBy(String uid) {
        return items(api.post(
                "/v1/models/als/topk",
                "{\"uid\":\"" + uid + "\",\"k\":100,\"exclude\":\"seen\",\"explore\":{\"policy\":\"ucb\"}}"));
    }

    @Test
    void aComputedModelRanksGivenData() {
        api.users.models.put("lin", user("lin", 1, weights(TestWorld.LIN_1, 1, 1, 0, 0)));

        JsonNode answer = api.post(
                        "/v1/models/lin/topk",
                        "{\"uid\":\"lin\",\"k\":2,\"items\":[[1,9],[3,9],[2,9]],\"exclude\":[[3,9.0]]}")
                .json();

        assertThat(answer.get("items").toString())
                .isEqualTo("[{\"item\":[2,9],\"score\":2.0},{\"item\":[1,9],\"score\":1.0}]");
    }

    @Test
    void aComputedModelNeedsItems() {
        ApiFixture.Response response = api.post("/v1/models/lin/topk", "{\"uid\":\"u1\"}");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("items");
    }

    private static List<String> items(ApiFixture.Response response) {
        assertThat(response.status()).isEqualTo(200);
        return response.json().get("items").findValuesAsText("item");
    }

    private static List<String> bruteForce(int k, Set<String> excluded) {
        FactorTable table = TestWorld.als(ALS_3).factors();
        return IntStream.range(0, table.size())
                .boxed()
                .filter(row -> !excluded.contains(table.item(row)))
                .sorted(Comparator.comparingDouble((Integer row) -> -score(table, row))
                        .thenComparing(table::item))
                .limit(k)
                .map(table::item)
                .toList();
    }

    private static double score(FactorTable table, int row) {
        double[] f = table.features(row).values();
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            sum += WEIGHTS[i] * f[i];
        }
        return table.features(row).offset() + sum;
    }

    @Test
    void whatASessionHasRatedIsSeen() {
        JsonNode answer = api.post(
                        "/v1/models/als/topk",
                        "{\"session\":[{\"item\":\"1\",\"label\":5},{\"item\":\"2\",\"label\":1}],\"exclude\":\"seen\",\"k\":100}")
                .json();

        assertThat(answer.get("source").asText()).isEqualTo("session");
        assertThat(answer.get("items").findValuesAsText("item"))
                .doesNotContain("1", "2")
                .contains("3");
    }

    @Test
    void whatIsRankedIsExplainedAndSaysHowUncertainItIs() {
        JsonNode answer = api.post(
                        "/v1/models/als/topk",
                        "{\"session\":[{\"item\":\"1\",\"label\":5}],\"exclude\":\"seen\",\"k\":3,\"uncertainty\":true,\"explain\":true}")
                .json();

        assertThat(answer.get("items")).hasSize(3).allSatisfy(item -> {
            assertThat(item.get("uncertainty").doubleValue()).isPositive();
            assertThat(item.get("score").doubleValue())
                    .isCloseTo(
                            item.at("/explanation/prior").doubleValue()
                                    + item.at("/explanation/because/0/contribution")
                                            .doubleValue(),
                            within(1e-12));
        });
    }
}
