package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.serving.ManualScheduler;
import io.velox.serving.access.AccessControl;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.http.Connections.Limits;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.TestWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The real servers on free ports in front of {@link Fakes}, with a real client that holds every answer against the document. */
final class ApiFixture implements AutoCloseable {
    private static final ForgettingTerms TERMS = new ForgettingTerms(Duration.ofDays(30), Optional.empty());
    static final int MAX_BODY_KIB = 64;
    static final int MAX_ITEMS = 100;

    private static final long DEADLINE_SECONDS = 20;

    /** Of the provisional items. */
    final ManualScheduler clock = new ManualScheduler();

    final Fakes.FakeUsers users = new Fakes.FakeUsers();
    final Fakes.FakeLog log = new Fakes.FakeLog();
    final ItemRegistry items = new ItemRegistry(clock);
    final Fakes.FakeItemLog itemLog = new Fakes.FakeItemLog(items);
    final Fakes.FakeModels models = new Fakes.FakeModels();
    final Fakes.FakeLifecycle lifecycle = new Fakes.FakeLifecycle();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final ImpressionKeys impressions =
            new ImpressionKeys(List.of(new byte[32]), Clock.fixed(TestWorld.NOW, ZoneOffset.UTC));
    final Vertx vertx = Vertx.vertx();
    final Contract contract;
    final ApiServer server;
    final Services services;
    final AccessControl access;

    /** The clock of the rate limits. */
    final AtomicLong nanoTime = new AtomicLong();

    final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(20));
    private final Routes routes;

    /** An answer as the client sees it. */
    record Response(int status, Map<String, String> headers, Buffer body) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body.getBytes());
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    ApiFixture() {
        this(new CpuPool(2, 64));
    }

    ApiFixture(CpuPool cpu) {
        this(cpu, ConfigurationReader.defaults().access(), Limits.of(1_000), TERMS);
    }

    ApiFixture(CpuPool cpu, ForgettingTerms terms) {
        this(cpu, ConfigurationReader.defaults().access(), Limits.of(1_000), terms);
    }

    ApiFixture(AccessConfiguration access, Limits connections) {
        this(new CpuPool(2, 64), access, connections, TERMS);
    }

    private ApiFixture(CpuPool cpu, AccessConfiguration configured, Limits connections, ForgettingTerms terms) {
        ServingConfiguration limits = limits();
        access = AccessControl.open(vertx, limits, configured, nanoTime::get);
        services = new Services(
                users,
                log,
                log,
                itemLog,
                items,
                models,
                Fakes::history,
                lifecycle,
                new Fakes.FakeHealth(),
                Fakes::audit,
                TestWorld.declared(),
                List.of(new Services.ReadinessCheck(
                        "test", () -> troubles.stream().findFirst())),
                terms,
                impressions,
                Clock.fixed(TestWorld.NOW, ZoneOffset.UTC),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        routes = Routes.of(services, limits, cpu);
        try {
            contract = Contract.load(vertx);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        server = get(ApiServer.start(vertx, limits, access, connections, services, cpu));
    }

    static ServingConfiguration limits() {
        ServingConfiguration shipped = ConfigurationReader.defaults().serving();
        return new ServingConfiguration(
                shipped.host(), 0, 0, shipped.userCacheEntries(), 300, MAX_BODY_KIB, MAX_ITEMS, MAX_ITEMS, 0, 1, 1024);
    }

    /** Back to the world as it was at the start, with users of whom nothing is known. */
    void reset() {
        users.models.clear();
        users.histories.clear();
        users.failure = null;
        users.degraded = null;
        log.reset();
        models.entries.putAll(TestWorld.catalogue());
        models.loaded.putAll(TestWorld.loaded());
        lifecycle.calls.clear();
        troubles.clear();
    }

    /** Looks at the files of keys and certificate often enough to take up what has changed. */
    void checkFiles() {
        access.check();
        access.check();
    }

    Routes routes() {
        return routes;
    }

    Response get(String uri) {
        return send("GET", uri, "", Map.of());
    }

    Response delete(String uri) {
        return send("DELETE", uri, "", Map.of());
    }

    /** Posts JSON; when it is accepted, it must be so by the document too. */
    Response post(String uri, String json) {
        Response response =
                send("POST", uri, json, json.isEmpty() ? Map.of() : Map.of("Content-Type", "application/json"));
        if (response.status < 300 && !json.isEmpty()) {
            contract.assertValidRequest(operationId("POST", uri).orElseThrow(), Buffer.buffer(json));
        }
        return response;
    }

    Response send(String method, String uri, String body, Map<String, String> headers) {
        return send(method, uri, body.getBytes(UTF_8), headers);
    }

    Response send(String method, String uri, byte[] body, Map<String, String> headers) {
        Response response = exchange(server.port(), method, uri, body, headers);
        Optional<String> operation = operationId(method, uri);
        if (operation.isPresent() && !method.equals("HEAD")) {
            contract.assertValidResponse(
                    operation.get(), response.status, response.header("Content-Type"), response.body);
        } else if (response.status >= 400 && !method.equals("HEAD")) {
            assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
            contract.assertValidResponse("listModels", response.status, response.header("Content-Type"), response.body);
        }
        return response;
    }

    Response management(String method, String uri) {
        return exchange(server.managementPort(), method, uri, new byte[0], Map.of());
    }

    Response exchange(int port, String method, String uri, byte[] body, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(HttpMethod.valueOf(method))
                .setURI(uri);
        headers.forEach(options::putHeader);
        // On the client's event loop, because a response that arrives before its reader is lost.
        Promise<Response> answer = Promise.promise();
        vertx.runOnContext(now -> client.request(options)
                .compose(request -> body.length == 0 ? request.send() : request.send(Buffer.buffer(body)))
                .compose(response -> response.body().map(bytes -> response(response, bytes)))
                .onComplete(answer));
        return get(answer.future());
    }

    static Response response(HttpClientResponse response, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
        return new Response(response.statusCode(), headers, body);
    }

    private Optional<String> operationId(String method, String uri) {
        try {
            String path = uri.indexOf('?') < 0 ? uri : uri.substring(0, uri.indexOf('?'));
            return Optional.of(routes.match(HttpMethod.valueOf(method), PercentDecoding.segments(path))
                    .route()
                    .operationId());
        } catch (HttpFailure e) {
            return Optional.empty();
        }
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        get(server.close());
        get(vertx.close());
    }
}
