package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad request is a 4xx problem document that names the field, and changes nothing. */
class BadRequestTest {
    private static final String PREDICT = "/v1/models/als/predict";
    private static final String TOPK = "/v1/models/als/topk";
    private static final String OBSERVE = "/v1/observe";
    private static final String LONG = "x".repeat(257);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static ApiFixture api;

    @BeforeAll
    static void start() {
        api = new ApiFixture();
        api.users.models.put("u1", user("u1", 2, weights(ALS_3, 2, 1, 2, 3)));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                // the body as a whole
                arguments(PREDICT, "{", 400, "body"),
                arguments(PREDICT, "not json", 400, "body"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\"} {}", 400, "body"),
                arguments(PREDICT, "[]", 400, "body"),
                arguments(PREDICT, "\"u1\"", 400, "body"),
                arguments(PREDICT, "null", 400, "body"),
                arguments(PREDICT, "   ", 400, "body"),
                arguments(OBSERVE, "3", 400, "body"),
                arguments(OBSERVE, "[".repeat(10_000), 400, "[0]"),
                arguments(OBSERVE, "{\"a\":".repeat(5_000), 400, "a.a"),
                arguments(OBSERVE, "[" + "7,".repeat(100) + "7]", 422, "body"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"uid\":\"u2\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"surprise\":1}", 400, "surprise"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"\\ud800\":1}", 400, "?"),
                // uid
                arguments(PREDICT, "{\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":null,\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"" + LONG + "\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":1.5,\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":true,\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":[\"u1\"],\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"a\\u0000b\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"a\\ud800\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":\"a\nb\",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":" + "9".repeat(101) + ",\"item\":\"1\"}", 400, "uid"),
                arguments(PREDICT, "{\"uid\":007,\"item\":\"1\"}", 400, "uid"),
                // items
                arguments(PREDICT, "{\"uid\":\"u1\"}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"uncertainty\":1}", 400, "uncertainty"),
                // session
                arguments(PREDICT, "{\"session\":{},\"item\":\"1\"}", 400, "session"),
                arguments(PREDICT, "{\"session\":null,\"item\":\"1\"}", 400, "session"),
                arguments(PREDICT, "{\"session\":[1],\"item\":\"1\"}", 400, "session[0]"),
                arguments(PREDICT, "{\"session\":[{\"item\":\"1\"}],\"item\":\"1\"}", 400, "session[0].label"),
                arguments(
                        PREDICT,
                        "{\"session\":[{\"item\":\"1\",\"label\":1},{\"item\":[1],\"label\":1}],\"item\":\"1\"}",
                        400,
                        "session[1].item"),
                arguments(
                        PREDICT,
                        "{\"session\":[{\"item\":\"1\",\"label\":1,\"id\":\"x\"}],\"item\":\"1\"}",
                        400,
                        "session[0].id"),
                arguments(
                        PREDICT,
                        "{\"session\":[" + "{\"item\":\"1\",\"label\":1},".repeat(1000)
                                + "{\"item\":\"1\",\"label\":1}],\"item\":\"1\"}",
                        422,
                        "session"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"\"}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"" + LONG + "\"}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":1.5}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":null}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":false}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":[1,2]}", 400, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"new\"}", 404, "item"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"items\":[\"1\"]}", 400, "items"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"items\":\"1\"}", 400, "items"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"items\":[\"1\",\"2\",\"3\",{\"a\":1}]}", 400, "items[3]"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"items\":[\"1\",true]}", 400, "items[1]"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"items\":[" + "1,".repeat(100) + "1]}", 422, "items"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":\"1\"}", 400, "item"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":[1]}", 400, "item"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":[1,\"2\"]}", 400, "item"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":[1,1e400]}", 400, "item"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"item\":[1,2e9]}", 400, "item"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"items\":[[1,2],[1,NaN]]}", 400, "items[1][1]"),
                arguments("/v1/models/lin/predict", "{\"uid\":\"u1\",\"items\":[[1,2],{\"a\":1}]}", 400, "items[1]"),
                // k, exclude, explore
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":0}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":-1}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":1e9}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":1000000000}", 422, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":99999999999999999999}", 422, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":1.5}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":\"10\"}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":null}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":Infinity}", 400, "k"),
                arguments(TOPK, "{\"uid\":\"u1\",\"exclude\":\"all\"}", 400, "exclude"),
                arguments(TOPK, "{\"uid\":\"u1\",\"exclude\":7}", 400, "exclude"),
                arguments(TOPK, "{\"uid\":\"u1\",\"exclude\":[\"1\",[2]]}", 400, "exclude[1]"),
                arguments(TOPK, "{\"uid\":\"u1\",\"offset\":-1}", 400, "offset"),
                arguments(TOPK, "{\"uid\":\"u1\",\"offset\":0.5}", 400, "offset"),
                arguments(TOPK, "{\"uid\":\"u1\",\"k\":50,\"offset\":51}", 422, "offset"),
                arguments(TOPK, "{\"uid\":\"u1\",\"diversity\":1.1}", 400, "diversity"),
                arguments(
                        TOPK, "{\"uid\":\"u1\",\"diversity\":0.1,\"explore\":{\"policy\":\"ucb\"}}", 400, "diversity"),
                arguments(TOPK, "{\"requests\":{}}", 400, "requests"),
                arguments(TOPK, "{\"requests\":[],\"uid\":\"u1\"}", 400, "uid"),
                arguments(TOPK, "{\"requests\":[{\"uid\":\"u1\"},{\"uid\":\"u1\",\"k\":0}]}", 400, "requests[1].k"),
                arguments(TOPK, "{\"requests\":[{\"k\":1}]}", 400, "requests[0].uid"),
                arguments(PREDICT, "{\"requests\":[{\"uid\":\"u1\"}]}", 400, "requests[0].item"),
                // found while a request is read, and while it is answered
                arguments(
                        PREDICT,
                        "{\"requests\":[{\"uid\":\"u1\",\"item\":\"1\",\"after\":\"\"}]}",
                        400,
                        "requests[0].after"),
                arguments(
                        TOPK,
                        "{\"requests\":[{\"uid\":\"u1\"},{\"uid\":\"u1\",\"after\":\"9:0:1\"}]}",
                        400,
                        "requests[1].after"),
                arguments(TOPK, "{\"uid\":\"u1\",\"explore\":\"ucb\"}", 400, "explore"),
                arguments(TOPK, "{\"uid\":\"u1\",\"explore\":{}}", 400, "explore.policy"),
                arguments(TOPK, "{\"uid\":\"u1\",\"explore\":{\"policy\":\"uniform\"}}", 400, "explore.policy"),
                arguments(
                        TOPK, "{\"uid\":\"u1\",\"explore\":{\"policy\":\"greedy\",\"alpha\":1}}", 400, "explore.alpha"),
                arguments(
                        TOPK,
                        "{\"uid\":\"u1\",\"explore\":{\"policy\":\"ucb\",\"epsilon\":1}}",
                        400,
                        "explore.epsilon"),
                arguments(TOPK, "{\"uid\":\"u1\",\"explore\":{\"policy\":\"ucb\",\"alpha\":-1}}", 400, "explore.alpha"),
                arguments(
                        TOPK,
                        "{\"uid\":\"u1\",\"explore\":{\"policy\":\"epsilon\",\"epsilon\":1.5}}",
                        400,
                        "explore.epsilon"),
                arguments(
                        TOPK,
                        "{\"uid\":\"u1\",\"explore\":{\"policy\":\"thompson\",\"draws\":0}}",
                        400,
                        "explore.draws"),
                arguments(
                        TOPK,
                        "{\"uid\":\"u1\",\"explore\":{\"policy\":\"thompson\",\"draws\":257}}",
                        400,
                        "explore.draws"),
                arguments(TOPK, "{\"uid\":\"u1\",\"items\":[\"1\",2.5]}", 400, "items[1]"),
                arguments("/v1/models/lin/topk", "{\"uid\":\"u1\",\"k\":3}", 400, "items"),
                // receipts
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"after\":\"yesterday\"}", 400, "after"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"after\":7}", 400, "after"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"after\":\"0:1:1\"}", 400, "after"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"after\":\"9:2:1\"}", 400, "after"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"timeoutMs\":0}", 400, "timeoutMs"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"timeoutMs\":60001}", 400, "timeoutMs"),
                arguments(PREDICT, "{\"uid\":\"u1\",\"item\":\"1\",\"timeoutMs\":\"5\"}", 400, "timeoutMs"),
                // observations
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\"}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":NaN}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":-Infinity}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":\"NaN\"}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":1e400}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":1000000001}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":\"1\",\"label\":true}", 400, "label"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":[1],\"label\":1}", 400, "item"),
                arguments(OBSERVE, "{\"uid\":\"u1\",\"item\":{\"a\":1e999},\"label\":1}", 400, "item"),
                arguments(OBSERVE, observed("\"timestamp\":978300760"), 400, "timestamp"),
                arguments(OBSERVE, observed("\"timestamp\":1700000000000"), 400, "timestamp"),
                arguments(OBSERVE, observed("\"timestamp\":\"yesterday\""), 400, "timestamp"),
                arguments(OBSERVE, observed("\"timestamp\":\"2026-01-01T00:00:00\""), 400, "timestamp"),
                arguments(OBSERVE, observed("\"timestamp\":\"2026-13-01T00:00:00Z\""), 400, "timestamp"),
                arguments(OBSERVE, observed("\"timestamp\":\"+999999999-01-01T00:00:00Z\""), 400, "timestamp"),
                arguments(OBSERVE, observed("\"id\":\"\""), 400, "id"),
                arguments(OBSERVE, observed("\"id\":7"), 400, "id"),
                arguments(OBSERVE, observed("\"id\":\"" + LONG + "\""), 400, "id"),
                arguments(OBSERVE, observed("\"impression\":[]"), 400, "impression"),
                arguments(OBSERVE, observed("\"impression\":\"uniform:\""), 400, "impression"),
                arguments(OBSERVE, "[" + observed("\"impression\":\"random:7\"") + "]", 400, "[0].impression"),
                arguments(OBSERVE, "[" + observed("\"impression\":\"uniform:7\"") + "]", 400, "[0].impression"),
                arguments(OBSERVE, observed("\"impression\":\"uniform:als/3/0.1/1/nonce/code\""), 400, "impression"),
                arguments(OBSERVE, observed("\"rating\":5"), 400, "rating"),
                arguments(OBSERVE, "[" + observed("\"id\":\"a\"") + ",3]", 400, "[1]"),
                arguments(OBSERVE, "[" + observed("\"id\":\"a\"") + "," + observed("\"x\":1") + "]", 400, "[1].x"),
                arguments(OBSERVE, "[{\"uid\":\"u1\",\"item\":\"1\",\"label\":NaN}]", 400, "[0].label"),
                // what does not exist, or takes no body
                arguments("/v1/models/none/predict", "{\"uid\":\"u1\",\"item\":\"1\"}", 404, "model"),
                arguments("/v1/models/ALS/topk", "{\"uid\":\"u1\"}", 404, "model"),
                arguments("/v1/models/none/retrain", "", 404, "model"),
                arguments("/v1/models/als/retrain", "{\"rank\":5}", 400, "rank"),
                arguments("/v1/models/als/versions/99/activate", "", 404, "version"),
                arguments("/v1/models/als/versions/4/activate", "", 409, "version"),
                arguments("/v1/models/als/versions/x/activate", "", 400, "version"),
                arguments(PREDICT + "?debug=1", "{\"uid\":\"u1\",\"item\":\"1\"}", 400, "debug"),
                arguments("/v1/models/als/rank", "{}", 404, "path"));
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                arguments("GET", "/", 404, "path"),
                arguments("GET", "/v2/models", 404, "path"),
                arguments("GET", "/v1/models?=1", 400, "query"),
                arguments("GET", "/v1/models/", 404, "model"),
                arguments("GET", "/v1//models", 404, "path"),
                arguments("GET", "/v1/models/none", 404, "model"),
                arguments("GET", "/v1/models/als/versions/0", 400, "version"),
                arguments("GET", "/v1/models/als/versions/-1", 400, "version"),
                arguments("GET", "/v1/models/als/versions/+3", 400, "version"),
                arguments("GET", "/v1/models/als/versions/1.5", 400, "version"),
                arguments("GET", "/v1/models/als/versions/99", 404, "version"),
                arguments("GET", "/v1/models/als/versions/99999999999", 400, "version"),
                arguments("GET", "/v1/models/als/items/new", 404, "item"),
                arguments("GET", "/v1/models/als/items/", 400, "item"),
                arguments("GET", "/v1/models/als/items/" + LONG, 400, "item"),
                arguments("GET", "/v1/models/als/items/a%00b", 400, "item"),
                arguments("GET", "/v1/models/als/items/1?version=1", 409, "version"),
                arguments("GET", "/v1/models/als/items/1?version=99", 404, "version"),
                arguments("GET", "/v1/models/als/items/1?version=x", 400, "version"),
                arguments("GET", "/v1/models/als/items/1?version=2&version=3", 400, "version"),
                arguments("GET", "/v1/models/als/items/1?verison=2", 400, "verison"),
                arguments("GET", "/v1/models/lin/items/1", 400, "item"),
                arguments("GET", "/v1/models/lin/items/%5B1", 400, "item"),
                arguments("GET", "/v1/models/none/health", 404, "model"),
                arguments("GET", "/v1/users/", 400, "uid"),
                arguments("GET", "/v1/users/" + LONG, 400, "uid"),
                arguments("GET", "/v1/users/nobody", 404, "uid"),
                arguments("GET", "/v1/users/%", 400, "path"),
                arguments("GET", "/v1/users/%4", 400, "path"),
                arguments("GET", "/v1/users/%zz", 400, "path"),
                arguments("GET", "/v1/users/%FF", 400, "path"),
                arguments("GET", "/v1/users/%ED%A0%80", 400, "path"),
                arguments("GET", "/v1/users/u1?version=99", 404, "version"),
                arguments("GET", "/v1/users/u1?version=4", 409, "version"),
                arguments("GET", "/v1/users/u1?after=now", 400, "after"),
                arguments("GET", "/v1/users/u1?after=0:1:1", 400, "after"),
                arguments("GET", "/v1/users/u1?timeoutMs=0", 400, "timeoutMs"),
                arguments("GET", "/v1/users/u1?timeoutMs=1e3", 400, "timeoutMs"),
                arguments("GET", "/v1/users/u1?after=%zz", 400, "query"),
                arguments("DELETE", "/v1/users/", 400, "uid"),
                arguments("DELETE", "/v1/users/u1?data=true", 400, "data"),
                arguments("DELETE", "/v1/users/u1/items/", 400, "item"),
                arguments("DELETE", "/v1/users/u1/items/%5B1%5D?data=true", 400, "item"),
                arguments("DELETE", "/v1/users/u1/items/%5B1,2%5D?data=yes", 400, "data"),
                arguments("DELETE", "/v1/models", 405, "method"),
                arguments("PUT", "/v1/users/u1", 405, "method"),
                arguments("PATCH", "/v1/models/als", 405, "method"),
                arguments("GET", "/v1/observe", 405, "method"),
                arguments("GET", "/v1/models/als/retrain", 405, "method"),
                arguments("POST", "/openapi.yaml", 405, "method"),
                arguments("TRACE", "/v1/models", 405, "method"),
                arguments("OPTIONS", "/v1/nothing", 404, "path"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBadBodyIsRefusedByName(String path, String body, int status, String field) {
        assertRefused(api.send("POST", path, body, body.isEmpty() ? Map.of() : JSON), status, field);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aBadPathIsRefusedByName(String method, String path, int status, String field) {
        assertRefused(api.send(method, path, "", Map.of()), status, field);
    }

    @ParameterizedTest
    @MethodSource("mediaTypes")
    void anotherMediaTypeIsRefused(Map<String, String> headers) {
        assertRefused(api.send("POST", OBSERVE, observed("\"id\":\"a\""), headers), 415, "Content-Type");
    }

    static List<Map<String, String>> mediaTypes() {
        return List.of(
                Map.of(),
                Map.of("Content-Type", "text/plain"),
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                Map.of("Content-Type", "application/json; charset=latin1"),
                Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsAnnouncedOrNot() {
        String body = " ".repeat(1024 * ApiFixture.MAX_BODY_KIB + 1);

        assertRefused(api.send("POST", OBSERVE, body, JSON), 413, "body");
        assertRefused(
                api.send(
                        "POST",
                        OBSERVE,
                        body,
                        Map.of("Content-Type", "application/json", "Transfer-Encoding", "chunked")),
                413,
                "body");
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        byte[] body = observed("\"id\":\"ä\"").getBytes(StandardCharsets.ISO_8859_1);

        assertRefused(api.send("POST", OBSERVE, body, JSON), 400, "id");
    }

    @Test
    void aRequestLineThatIsTooLongIsRefused() {
        assertThat(api.send("GET", "/v1/users/" + "x".repeat(20_000), "", Map.of())
                        .status())
                .isEqualTo(414);
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        assertThat(api.send("PUT", "/v1/users/u1", "", Map.of()).header("Allow"))
                .isEqualTo("DELETE, GET, HEAD, OPTIONS");
        assertThat(api.get("/v1/observe").header("Allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void optionsAreAnswered() {
        ApiFixture.Response response = api.send("OPTIONS", "/v1/models", "", Map.of());

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void headIsGetWithoutTheBody() {
        ApiFixture.Response get = api.get("/v1/models");
        ApiFixture.Response head = api.send("HEAD", "/v1/models", "", Map.of());

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body().length()).isZero();
        assertThat(head.header("Content-Length"))
                .isEqualTo(String.valueOf(get.body().length()));
        assertThat(api.send("HEAD", "/v1/models/none", "", Map.of()).status()).isEqualTo(404);
    }

    private static String observed(String field) {
        return "{\"uid\":\"u1\",\"item\":\"1\",\"label\":4," + field + "}";
    }

    private static void assertRefused(ApiFixture.Response response, int status, String field) {
        assertThat(response.status()).as(response.body().toString()).isEqualTo(status);
        String named = response.json().path("field").asText();
        if (field.equals("a.a")) {
            assertThat(named).startsWith("a.a");
        } else if (field.equals("[0]")) {
            assertThat(named).startsWith("[0]");
        } else {
            assertThat(named).as(response.body().toString()).isEqualTo(field);
        }
        assertThat(response.json().get("detail").asText()).isNotEmpty();
        assertThat(api.log.records).isEmpty();
        assertThat(api.lifecycle.calls).isEmpty();
    }
}
