package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A node that keeps no item table in memory, only a cache of about a tenth of one. Each step stands on the ones before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoredTableIT {
    private static final int RATINGS = 20_000;
    private static final int MEASURED = 3_000;

    private final Random random = new Random(17);
    private List<Rating> ratings;
    private Map<String, Map<String, Double>> expected;
    private List<String> items;
    private VeloxProcess velox;
    private Loop loop;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        ratings = Ratings.load(RATINGS);
        expected = Histories.of(List.of(ratings));
        items = ratings.stream().map(Rating::item).distinct().sorted().toList();
        int cacheKib = items.size() / 10 * 256 / 1024;
        Path configuration = folder.resolve("velox.yaml");
        Files.writeString(
                configuration,
                "serving: {feature-memory-kib: 0, feature-cache-kib: " + cacheKib + "}\n"
                        + "models:\n  als: {kind: als, rank: 5, regularization: 0.1, iterations: 4, item-bias: true,"
                        + " prior: gaussian}\n");
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration);
        loop = new Loop(velox.api());
    }

    @AfterAll
    void end() {
        velox.close();
    }

    @Test
    @Order(1)
    void everyUserIsAnsweredByTheRidgeSolution() {
        loop.awaitApplied(loop.observe(ratings));
        assertThat(loop.retrain("als")).isEqualTo(1);
        loop.checkEveryUser("als", 1, expected);
    }

    @Test
    @Order(2)
    void theBestOfTheWholeCatalogueAreThoseOfItsPredictions() {
        ObjectNode request =
                Api.JSON.createObjectNode().put("uid", ratings.get(0).user());
        ObjectNode all = request.deepCopy();
        items.forEach(all.putArray("items")::add);
        JsonNode scored =
                velox.api().post("/v1/models/als/predict", all.toString()).ok();
        List<JsonNode> best = StreamSupport.stream(scored.get("predictions").spliterator(), false)
                .sorted(Comparator.comparingDouble(
                                (JsonNode p) -> -p.get("score").asDouble())
                        .thenComparing(p -> p.get("item").asText()))
                .limit(50)
                .toList();

        JsonNode ranked = velox.api()
                .post("/v1/models/als/topk", request.put("k", 50).toString())
                .ok();

        assertThat(ranked.get("items")).hasSize(50);
        for (int i = 0; i < best.size(); i++) {
            assertThat(ranked.at("/items/" + i + "/item")).isEqualTo(best.get(i).get("item"));
            assertThat(ranked.at("/items/" + i + "/score"))
                    .isEqualTo(best.get(i).get("score"));
        }
    }

    @Test
    @Order(3)
    void aSwapAndARollbackFindTheCacheWarm() {
        ask(MEASURED);
        double before = hitRate(1);
        velox.api().post("/v1/models/als/retrain", "{}").ok();
        Await.until("version 2 to be live", Duration.ofMinutes(6), () -> ask(20) == 2);
        double after = hitRate(2);
        velox.api().post("/v1/models/als/versions/1/activate", "{}").ok();
        double back = hitRate(1);
        System.out.printf("hit rate before %.3f, after the swap %.3f, after the rollback %.3f%n", before, after, back);
        assertThat(before).isBetween(0.2, 0.98);
        assertThat(after).isGreaterThan(before - 0.05);
        assertThat(back).isGreaterThan(before - 0.05);
        loop.checkEveryUser("als", 1, expected);
    }

    /** Of many requests, all of which one version answers. */
    private double hitRate(int version) {
        double hits = metric("hits");
        double misses = metric("misses");
        assertThat(ask(MEASURED)).isEqualTo(version);
        hits = metric("hits") - hits;
        misses = metric("misses") - misses;
        return hits / (hits + misses);
    }

    private double metric(String name) {
        String metrics = velox.management().get("/metrics").body();
        Matcher matcher = Pattern.compile("(?m)^velox_feature_cache_" + name + "_total (\\S+)")
                .matcher(metrics);
        assertThat(matcher.find()).as(metrics).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    /** Asks for items as often as they were rated; returns the version of the last answer. */
    private int ask(int requests) {
        int version = 0;
        for (int i = 0; i < requests; i++) {
            Rating rating = ratings.get(random.nextInt(ratings.size()));
            ObjectNode body =
                    Api.JSON.createObjectNode().put("uid", rating.user()).put("item", rating.item());
            version = velox.api()
                    .post("/v1/models/als/predict", body.toString())
                    .ok()
                    .get("version")
                    .asInt();
        }
        return version;
    }
}
