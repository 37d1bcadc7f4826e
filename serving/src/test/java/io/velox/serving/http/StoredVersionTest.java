package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.rated;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.Metadata;
import io.velox.core.log.ItemRecord;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.store.Manifest;
import io.velox.serving.Eventually;
import io.velox.serving.features.FeatureWorld;
import io.velox.serving.features.GatedFileSystem;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.items.GenreGuesses;
import io.velox.serving.items.VersionItems;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.TestWorld;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API in front of a version whose item table stays in the store. */
class StoredVersionTest {
    private static final String ITEM = "/v1/models/als/items/"
            + URLEncoder.encode(TestWorld.STRANGE_ITEM, StandardCharsets.UTF_8).replace("+", "%20");

    @TempDir
    Path folder;

    private ApiFixture api;
    private long revision;
    private FeatureWorld world;

    @BeforeEach
    void start() {
        api = new ApiFixture();
        api.users.models.put("u1", user("u1", 2, weights(ALS_3, 2, 1, -0.5, 0.2)));
        api.users.histories.put("u1", List.of(rated(40, "7", 4), rated(41, "20", 3)));
        api.users.models.put("flat", user("flat", 1, weights(ALS_3, 1, 0, 0, 0)));
        world = new FeatureWorld(folder, 1 << 20, Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        api.close();
        world.close();
    }

    private void serveFromStore() {
        MatrixFactorModel model = TestWorld.als(ALS_3);
        Manifest manifest = world.write(model);
        OpenVersion opened = world.tables().open(manifest);
        api.models.loaded.put(ALS_3, new LoadedVersion(manifest, opened.model(), opened.features()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predict {\"uid\":\"u1\",\"item\":\"7\"}",
                "predict {\"uid\":\"u1\",\"item\":\"unheard of\"}",
                "predict {\"uid\":\"u1\",\"items\":[\"7\",\"no\",8,\"7\",\"60\"]}",
                "predict {\"uid\":\"u1\",\"items\":[]}",
                "topk {\"uid\":\"u1\",\"k\":3,\"items\":[\"7\",\"no\",8,\"7\",\"60\"]}",
                "topk {\"uid\":\"flat\",\"k\":4,\"items\":[\"39\",\"21\",\"30\",\"30\",\"20\"]}",
                "topk {\"uid\":\"u1\"}",
                "topk {\"uid\":\"u1\",\"k\":100}",
                "topk {\"uid\":\"flat\",\"k\":25}",
                "topk {\"uid\":\"u1\",\"k\":5,\"offset\":3,\"diversity\":0.5}",
                "topk {\"requests\":[{\"uid\":\"u1\",\"k\":2},{\"uid\":\"flat\",\"offset\":30}]}",
                "topk {\"uid\":\"u1\",\"k\":100,\"exclude\":\"seen\"}",
                "topk {\"uid\":\"stranger\",\"k\":5,\"exclude\":[\"14\",8,\"no\"]}",
            })
    void theAnswerIsThatOfTheTableInMemoryToTheLastBit(String request) {
        String[] parts = request.split(" ", 2);
        ApiFixture.Response fromMemory = api.post("/v1/models/als/" + parts[0], parts[1]);
        serveFromStore();

        for (int i = 0; i < 2; i++) { // from the store, and from the cache
            ApiFixture.Response fromStore = api.post("/v1/models/als/" + parts[0], parts[1]);
            assertThat(fromStore.status()).isEqualTo(fromMemory.status());
            assertThat(fromStore.body()).isEqualTo(fromMemory.body());
        }
    }

    @Test
    void anItemIsThatOfTheTableInMemory() {
        ApiFixture.Response fromMemory = api.get(ITEM);
        assertThat(fromMemory.status()).isEqualTo(200);
        serveFromStore();

        assertThat(api.get(ITEM).body()).isEqualTo(fromMemory.body());
        assertThat(api.get("/v1/models/als/items/no").status()).isEqualTo(404);
    }

    @Test
    void whatIsLikeAnItemIsThatOfTheTableInMemory() {
        List<String> fromMemory = api.get(ITEM + "/similar").json().get("items").findValuesAsText("item");
        assertThat(fromMemory).hasSize(10);
        serveFromStore();

        assertThat(api.get(ITEM + "/similar").json().get("items").findValuesAsText("item"))
                .isEqualTo(fromMemory);
        assertThat(api.get("/v1/models/als/items/no/similar").status()).isEqualTo(404);
    }

    @Test
    void aCatalogueThatIsNotInMemoryIsExploredByGivenItemsAlone() {
        serveFromStore();

        ApiFixture.Response whole =
                api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"explore\":{\"policy\":\"ucb\"}}");
        assertThat(whole.status()).isEqualTo(400);
        assertThat(whole.json().get("field").asText()).isEqualTo("items");
        assertThat(api.post(
                                "/v1/models/als/topk",
                                "{\"uid\":\"u1\",\"items\":[1,2,3],\"explore\":{\"policy\":\"ucb\"}}")
                        .json()
                        .get("items"))
                .hasSize(3);
    }

    @Test
    void aStoreThatFailsIsA503AndNeverADefault() {
        serveFromStore();
        GatedFileSystem.set(() -> {
            throw new IOException("the worker is gone");
        });

        assertUnavailable(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"7\"}"));
        assertUnavailable(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"items\":[\"7\",\"no\"]}"));
        assertUnavailable(api.post("/v1/models/als/topk", "{\"uid\":\"u1\",\"items\":[\"7\",\"8\"]}"));
        assertUnavailable(api.post("/v1/models/als/topk", "{\"uid\":\"u1\"}"));
        assertUnavailable(api.get(ITEM));

        GatedFileSystem.set(() -> {});
        assertThat(api.post("/v1/models/als/predict", "{\"uid\":\"u1\",\"item\":\"7\"}")
                        .status())
                .isEqualTo(200);
        assertThat(GatedFileSystem.readers())
                .filteredOn(thread -> thread.contains("vert.x"))
                .isEmpty();
    }

    @Test
    void registeredItemsAreToldApartFilteredAndRankedAsOfATableInMemory() {
        MatrixFactorModel model = TestWorld.als(ALS_3);
        Manifest manifest = world.write(model);
        OpenVersion opened = world.tables().open(manifest);
        OpenVersion guessing = new OpenVersion(opened.model(), opened.features(), Optional.of(new GenreGuesses()));
        register("new", "Comedy");
        register("7", "Comedy");
        register("8", "Drama");
        VersionItems items = api.items.open(ALS_3, guessing);
        items.ready().orTimeout(20, TimeUnit.SECONDS).join();
        for (int i = 0; i < 1_200; i++) { // more than are read one by one, or streamed past one by one
            register("many" + i, "Horror");
        }
        register("late", "Drama");
        Eventually.await("what came later is told apart", () -> {
            api.clock.advance(Duration.ofSeconds(1));
            return items.provisional().size() == 1_202;
        });
        api.models.loaded.put(ALS_3, new LoadedVersion(manifest, opened.model(), opened.features(), items));
        ModelFeatures inMemory = new ModelFeatures(model);
        LoadedVersion twin = new LoadedVersion(
                manifest,
                model,
                inMemory,
                api.items.open(ALS_3, new OpenVersion(model, inMemory, Optional.of(new GenreGuesses()))));

        for (String request : List.of(
                "{\"uid\":\"u1\",\"k\":100}",
                "{\"uid\":\"u1\",\"k\":100,\"filter\":{\"genre\":[\"Comedy\",\"Drama\"]}}",
                "{\"uid\":\"u1\",\"k\":100,\"filter\":{\"genre\":[\"Comedy\",\"Horror\"]},\"exclude\":\"seen\"}",
                "{\"uid\":\"u1\",\"items\":[\"new\",\"7\",\"8\",\"9\",\"no\"]}",
                "{\"uid\":\"u1\",\"items\":[\"new\",\"7\",\"8\",\"no\"],\"filter\":{\"genre\":\"Comedy\"}}")) {
            ApiFixture.Response fromStore = api.post("/v1/models/als/topk", request);
            LoadedVersion stored = Objects.requireNonNull(api.models.loaded.put(ALS_3, twin));
            ApiFixture.Response fromMemory = api.post("/v1/models/als/topk", request);
            api.models.loaded.put(ALS_3, stored);
            assertThat(fromStore.status()).isEqualTo(200);
            assertThat(fromStore.body()).as(request).isEqualTo(fromMemory.body());
        }
        assertThat(api.get("/v1/models/als/items/new").json().get("provisional").asBoolean())
                .isTrue();
    }

    private void register(String item, String genre) {
        api.items.accept(
                new ItemRecord(
                        "als", item, new Metadata(new TreeMap<>(Map.of("genre", List.of(genre)))), Instant.EPOCH),
                revision++);
    }

    private static void assertUnavailable(ApiFixture.Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().get("code").asText()).isEqualTo("STORE_UNAVAILABLE");
        assertThat(response.header("Retry-After")).isEqualTo("1");
    }
}
