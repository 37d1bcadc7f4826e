package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.serving.access.Keys;
import io.velox.serving.access.Role;
import io.velox.serving.http.Connections.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server with keys, of each role one; what it lets in, and what it says to those that it does not. */
class AccessTest {
    private static final int REQUESTS_PER_SECOND = 3;

    @TempDir
    private static Path folder;

    private static ApiFixture api;

    @BeforeAll
    static void start() {
        String keys = Keys.file(folder).toString();
        api = new ApiFixture(
                new AccessConfiguration(keys, "", "", false, "127.0.0.1", REQUESTS_PER_SECOND, 100), Limits.of(100));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void reset() {
        api.reset();
        // Every bucket is full again.
        api.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "predict,      read,    POST,   /v1/models/als/predict",
        "topk,         read,    POST,   /v1/models/als/topk",
        "observe,      observe, POST,   /v1/observe",
        "observeBulk,  observe, POST,   /v1/observe/bulk",
        "listModels,   read,    GET,    /v1/models",
        "getModel,     read,    GET,    /v1/models/als",
        "listVersions, read,    GET,    /v1/models/als/versions",
        "getVersion,   read,    GET,    /v1/models/als/versions/3",
        "getVersionHistory, read, GET,  /v1/models/als/versions/3/history",
        "getModelHealth, read,  GET,    /v1/models/als/health",
        "getItem,      read,    GET,    /v1/models/als/items/1",
        "registerItems, observe, POST,  /v1/models/als/items",
        "unregisterItem, observe, DELETE, /v1/models/als/items/1",
        "findSimilar,  read,    GET,    /v1/models/als/items/1/similar",
        "retrain,      admin,   POST,   /v1/models/als/retrain",
        "activate,     admin,   POST,   /v1/models/als/versions/2/activate",
        "getUser,      observe, GET,    /v1/users/u1",
        "forgetUser,   admin,   DELETE, /v1/users/u1",
        "withdrawItem, observe, DELETE, /v1/users/u1/items/1",
        "getDocument,  read,    GET,    /openapi.yaml"
    })
    void eachOperationTakesKeysOfItsRoleAndAbove(String operation, String needed, String method, String path) {
        for (Role role : Role.values()) {
            ApiFixture.Response response = api.send(method, path, "", Map.of("Authorization", Keys.header(role)));
            boolean isEnough = role.compareTo(Role.valueOf(needed.toUpperCase(Locale.ROOT))) >= 0;
            if (isEnough) {
                assertThat(response.status()).as("%s with %s", operation, role).isNotIn(401, 403, 429);
            } else {
                assertThat(response.status()).as("%s with %s", operation, role).isEqualTo(403);
                assertThat(response.json().get("code").asText()).isEqualTo("FORBIDDEN");
                assertThat(response.json().get("field").asText()).isEqualTo("Authorization");
                assertThat(response.header("WWW-Authenticate"))
                        .isEqualTo("Bearer realm=\"velox\", error=\"insufficient_scope\", scope=\"" + needed + "\"");
            }
        }
        assertTurnedAway(api.send(method, path, "", Map.of()), "Bearer realm=\"velox\"");
        assertTurnedAway(
                api.send(method, path, "", Map.of("Authorization", "Bearer velox_nobody")),
                "Bearer realm=\"velox\", error=\"invalid_token\"");
    }

    @Test
    void theTableOfThisTestHasEveryOperation() throws NoSuchMethodException {
        String[] rows = AccessTest.class
                .getDeclaredMethod(
                        "eachOperationTakesKeysOfItsRoleAndAbove",
                        String.class,
                        String.class,
                        String.class,
                        String.class)
                .getAnnotation(CsvSource.class)
                .value();

        assertThat(api.routes().all())
                .extracting(route -> route.operationId() + " " + route.role())
                .containsExactlyInAnyOrder(Arrays.stream(rows)
                        .map(row -> row.split(" *, *"))
                        .map(row -> row[0] + " " + row[1])
                        .toArray(String[]::new));
    }

    @Test
    void withoutAKeyNobodyLearnsWhichPathsThereAre() {
        assertThat(api.get("/v1/nothing").status()).isEqualTo(401);
        assertThat(api.send("OPTIONS", "/v1/models", "", Map.of()).status()).isEqualTo(401);
        assertThat(api.send("GET", "/v1/nothing", "", Map.of("Authorization", Keys.header(Role.READ)))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aRefusedRequestChangesNothingAndItsConnectionGoesOn() {
        String body = "{\"uid\":\"u1\",\"item\":\"1\",\"label\":4}";
        for (Role role : new Role[] {Role.READ, Role.OBSERVE}) {
            api.send(
                    "POST",
                    "/v1/observe",
                    body,
                    Map.of("Authorization", Keys.header(role), "Content-Type", "application/json"));
        }

        assertThat(api.log.records).hasSize(1);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() {
        Map<String, String> key = Map.of("Authorization", Keys.header(Role.READ));
        for (int i = 0; i < REQUESTS_PER_SECOND; i++) {
            assertThat(api.send("GET", "/v1/models", "", key).status()).isEqualTo(200);
        }

        ApiFixture.Response refused = api.send("GET", "/v1/models", "", key);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.json().get("code").asText()).isEqualTo("TOO_MANY_REQUESTS");
        assertThat(refused.json().get("detail").asText()).contains("access.requests-per-second");
        assertThat(api.send("GET", "/v1/models", "", Map.of("Authorization", Keys.header(Role.ADMIN)))
                        .status())
                .isEqualTo(200);
        api.nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(api.send("GET", "/v1/models", "", key).status()).isEqualTo(200);
    }

    @Test
    void aBrokenFileOfKeysIsSeenInHealthAndKeepsTheNodeReady() throws IOException {
        Path file = Keys.file(folder);
        String good = Files.readString(file);
        Files.writeString(file, "half a line");
        api.checkFiles();
        ApiFixture.Response broken = api.management("GET", "/health/ready");
        Files.writeString(file, good);
        api.checkFiles();
        ApiFixture.Response repaired = api.management("GET", "/health/ready");

        assertThat(broken.status()).isEqualTo(200);
        assertThat(broken.json().at("/checks/2/status").asText()).isEqualTo("DEGRADED");
        assertThat(broken.json().at("/checks/2/trouble").asText()).contains("line 1");
        assertThat(repaired.json().at("/checks/2/status").asText()).isEqualTo("UP");
    }

    @Test
    void onLoopbackHealthAndMetricsNeedNoKey() {
        assertThat(api.management("GET", "/health/live").status()).isEqualTo(200);
        assertThat(api.management("GET", "/metrics").status()).isEqualTo(200);
    }

    private static void assertTurnedAway(ApiFixture.Response response, String challenge) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(response.json().get("code").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(response.json().get("field").asText()).isEqualTo("Authorization");
    }
}
