package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.serving.access.AccessControl;
import io.velox.serving.access.Keys;
import io.velox.serving.access.Role;
import io.velox.serving.predict.TestWorld;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementTest {
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
    void aRunningNodeIsAlive() {
        assertThat(api.management("GET", "/health/live").status()).isEqualTo(200);
    }

    @Test
    void aNodeThatHasLoadedWhatIsActiveIsReady() {
        ApiFixture.Response response = api.management("GET", "/health/ready");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("status").asText()).isEqualTo("UP");
    }

    @Test
    void aNodeThatIsStillLoadingWhatIsActiveIsNotReadyAndSaysWhatItWaitsFor() {
        api.models.loaded.remove(TestWorld.ALS_3);

        ApiFixture.Response response = api.management("GET", "/health/ready");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().at("/checks/0/trouble").asText()).contains("als/3");
    }

    @Test
    void aNodeWithATroubleIsNotReady() {
        api.troubles.add("no job reports");

        ApiFixture.Response response = api.management("GET", "/health/ready");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().at("/checks/1/trouble").asText()).isEqualTo("no job reports");
    }

    @Test
    void requestsAreMeasuredByOperationAndClassOfStatus() {
        api.get("/v1/models");
        api.get("/v1/models/none");

        String metrics = api.management("GET", "/metrics").body().toString();

        assertThat(metrics)
                .contains("velox_http_requests_seconds_count{operation=\"listModels\",status=\"2xx\"} 1")
                .contains("velox_http_requests_seconds_count{operation=\"getModel\",status=\"4xx\"} 1");
    }

    @Test
    void beyondLoopbackMetricsWantAKeyAndHealthDoesNot(@TempDir Path folder) {
        // The access of a port that others can reach, on a server of the test's own that they cannot.
        AccessControl open = AccessControl.open(
                api.vertx,
                ApiFixture.limits(),
                new AccessConfiguration(Keys.file(folder).toString(), "", "", true, "0.0.0.0", 0, 10),
                System::nanoTime);
        HttpServer server = ApiFixture.get(api.vertx
                .createHttpServer()
                .requestHandler(new ManagementHandler(api.vertx, open, api.services))
                .listen(0, "127.0.0.1"));
        int port = server.actualPort();
        Map<String, String> key = Map.of("Authorization", Keys.header(Role.READ));

        assertThat(api.exchange(port, "GET", "/health/ready", new byte[0], Map.of())
                        .status())
                .isEqualTo(200);
        assertThat(api.exchange(port, "GET", "/metrics", new byte[0], Map.of()).status())
                .isEqualTo(401);
        assertThat(api.exchange(port, "GET", "/metrics", new byte[0], key).status())
                .isEqualTo(200);
        ApiFixture.get(server.close());
    }

    @Test
    void theManagementPortTakesNothingElse() {
        assertThat(api.management("GET", "/v1/models").status()).isEqualTo(404);
        assertThat(api.management("POST", "/metrics").status()).isEqualTo(405);
        assertThat(api.management("POST", "/metrics").header("Allow")).isEqualTo("GET, HEAD");
    }
}
