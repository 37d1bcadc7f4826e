package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Items that are registered with a system that was trained without them. Each step stands on the ones before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegisteredItemsIT {
    private static final int RATINGS = 10_000;
    private static final int EVERYTHING = 10_000;
    private static final String ITEMS = "/v1/models/als/items";
    private static final String NEW = "nobody has seen/this";
    private static final Duration SOON = Duration.ofSeconds(20);

    private Path folder;
    private List<Rating> ratings;
    private List<String> items;
    private VeloxProcess velox;
    private String uid;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("velox.yaml"), """
                models:
                  als: {kind: als, rank: 5, regularization: 0.1, iterations: 4, item-bias: true, prior: gaussian}
                """);
        ratings = Ratings.load(RATINGS);
        items = ratings.stream().map(Rating::item).distinct().sorted().toList();
        uid = ratings.get(0).user();
        begin();
        Loop loop = new Loop(velox.api());
        loop.awaitApplied(loop.observe(ratings));
        assertThat(loop.retrain("als")).isEqualTo(1);
    }

    private void begin() throws IOException {
        velox = VeloxProcess.start(folder.resolve("data"), "file", folder.resolve("velox.yaml"));
    }

    @AfterAll
    void end() {
        velox.close();
    }

    private JsonNode topK(String filter) {
        ObjectNode request = Api.JSON.createObjectNode().put("uid", uid).put("k", EVERYTHING);
        request.set("filter", Api.json(filter));
        return velox.api().post("/v1/models/als/topk", request.toString()).ok().get("items");
    }

    private static Optional<JsonNode> find(JsonNode ranked, String item) {
        for (JsonNode one : ranked) {
            if (one.get("item").asText().equals(item)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static List<String> names(JsonNode ranked) {
        return ranked.findValuesAsText("item");
    }

    @Test
    @Order(1)
    void anItemThatIsRegisteredIsRecommended() {
        assertThat(find(topK("{}"), NEW)).isEmpty();

        Answer created = velox.api()
                .post(ITEMS, "{\"item\":\"" + NEW + "\",\"metadata\":{\"genre\":[\"Comedy\"],\"year\":2026}}");

        assertThat(created.status()).isEqualTo(201);
        JsonNode ranked = Await.value("the item is recommended", SOON, () -> find(topK("{}"), NEW));
        assertThat(ranked.get("provisional").asBoolean()).isTrue();
        JsonNode item =
                velox.api().get(ITEMS + "/" + Api.encode(NEW) + "?version=1").ok();
        assertThat(item.get("revision")).isEqualTo(created.json().get("revision"));
        assertThat(ranked.get("score").asDouble()).isEqualTo(score(item));
    }

    @Test
    @Order(2)
    void itsFirstRatingsImproveWhatTheVersionTakesItFor() {
        List<String> users =
                ratings.stream().map(Rating::user).distinct().skip(1).limit(12).toList();
        JsonNode guessed = velox.api().get(ITEMS + "/" + Api.encode(NEW)).ok();
        assertThat(guessed.get("ratings").asInt()).isZero();
        for (String user : users) {
            rate(user, 5);
        }
        JsonNode improved = Await.value("the ratings count", SOON, () -> ratedBy(users.size()));

        assertThat(improved.get("offset").asDouble())
                .isGreaterThan(guessed.get("offset").asDouble());
        assertThat(improved.get("noise").asDouble())
                .isLessThan(guessed.get("noise").asDouble());
        assertThat(improved.get("revision")).isEqualTo(guessed.get("revision"));
        velox.api()
                .send("DELETE", "/v1/users/" + Api.encode(users.get(3)) + "/items/" + Api.encode(NEW), null, null)
                .ok();
        Await.value("the withdrawn rating no longer counts", SOON, () -> ratedBy(users.size() - 1));
    }

    private void rate(String user, double label) {
        ObjectNode observation =
                Api.JSON.createObjectNode().put("uid", user).put("item", NEW).put("label", label);
        velox.api().post("/v1/observe", observation.toString()).ok();
    }

    private Optional<JsonNode> ratedBy(int users) {
        JsonNode item = velox.api().get(ITEMS + "/" + Api.encode(NEW)).ok();
        return Optional.of(item).filter(i -> i.path("ratings").asInt() == users);
    }

    /** The score that the user's weights give the item's features. */
    private double score(JsonNode item) {
        JsonNode weights = velox.api().get("/v1/users/" + Api.encode(uid)).ok().at("/models/als/weights");
        double sum = 0;
        for (int i = 0; i < weights.size(); i++) {
            sum += weights.get(i).asDouble() * item.get("features").get(i).asDouble();
        }
        return item.get("offset").asDouble() + sum;
    }

    @Test
    @Order(3)
    void aFilterLeavesTheOrderOfWhatItPasses() {
        ArrayNode registrations = Api.JSON.createArrayNode();
        List<String> comedies = new ArrayList<>(List.of(NEW));
        for (int i = 0; i < items.size(); i++) {
            ObjectNode registration = registrations.addObject().put("item", items.get(i));
            registration
                    .putObject("metadata")
                    .put("genre", i % 3 == 0 ? "Comedy" : "Drama")
                    .put("decade", i % 7);
            if (i % 3 == 0) {
                comedies.add(items.get(i));
            }
        }
        assertThat(velox.api().post(ITEMS, registrations.toString()).ok().get("revisions"))
                .hasSize(items.size());
        Await.until(
                "the metadata counts",
                SOON,
                () -> topK("{\"genre\":\"Comedy\"}").size() == comedies.size());

        List<String> all = names(topK("{}"));
        assertThat(all).hasSize(items.size() + 1);
        assertThat(names(topK("{\"genre\":[\"Comedy\"]}")))
                .isEqualTo(all.stream().filter(comedies::contains).toList());
        assertThat(names(topK("{\"genre\":[\"Comedy\",\"Drama\"]}"))).isEqualTo(all);
        assertThat(names(topK("{\"genre\":[\"Drama\"],\"decade\":[0,1]}")))
                .isEqualTo(all.stream()
                        .filter(item -> !comedies.contains(item) && items.indexOf(item) % 7 < 2)
                        .toList());
        assertThat(names(topK("{\"year\":2026}"))).containsExactly(NEW);
        assertThat(topK("{\"genre\":[\"Western\"]}")).isEmpty();
    }

    @Test
    @Order(4)
    void nobodyLearnsFromAnItemThatTheVersionDoesNotKnow() {
        Loop loop = new Loop(velox.api());
        JsonNode before = loop.user(uid);
        int raters = velox.api()
                .get(ITEMS + "/" + Api.encode(NEW))
                .ok()
                .get("ratings")
                .asInt();
        String receipt =
                loop.observe(List.of(new Rating(uid, NEW, 5, 1_000_000_000))).get(uid);

        JsonNode answer = loop.predictAfter("als", uid, NEW, receipt);
        JsonNode after = loop.userAfter(uid, receipt);

        assertThat(answer.at("/predictions/0/provisional").asBoolean()).isTrue();
        assertThat(after.get("models")).isEqualTo(before.get("models"));
        assertThat(after.get("history")).hasSize(before.get("history").size() + 1);
        assertThat(names(velox.api()
                        .post("/v1/models/als/topk", "{\"uid\":\"" + uid + "\",\"k\":10000,\"exclude\":\"seen\"}")
                        .ok()
                        .get("items")))
                .doesNotContain(NEW);
        Await.value("the item learns from it", SOON, () -> ratedBy(raters + 1));
    }

    @Test
    @Order(5)
    void allOfItIsThereAfterACrash() throws IOException {
        JsonNode before = velox.api().get(ITEMS + "/" + Api.encode(NEW)).ok();
        JsonNode ranked = topK("{\"genre\":\"Comedy\"}");
        velox.kill();
        begin();

        assertThat(velox.api().get(ITEMS + "/" + Api.encode(NEW)).ok()).isEqualTo(before);
        assertThat(names(topK("{\"genre\":\"Comedy\"}"))).isEqualTo(names(ranked));
    }

    @Test
    @Order(6)
    void anItemThatIsTakenBackIsRecommendedNoMore() {
        velox.api().send("DELETE", ITEMS + "/" + Api.encode(NEW), null, null).ok();

        Await.until("the item is gone", SOON, () -> find(topK("{}"), NEW).isEmpty());
        assertThat(velox.api().get(ITEMS + "/" + Api.encode(NEW)).status()).isEqualTo(404);
    }
}
