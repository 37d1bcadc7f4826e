package io.velox.serving.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.error.Whereabouts;
import io.velox.core.log.CatalogueEntry;
import io.velox.serving.access.AccessControl;
import io.velox.serving.access.AccessRefusal;
import io.velox.serving.access.Caller;
import io.velox.serving.access.Gate;
import io.velox.serving.access.Role;
import io.velox.serving.lifecycle.LiveModels;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port: {@code /health/live}, {@code /health/ready}, {@code /metrics}. Event-loop confined.
 *
 * <p>A node is ready when every model with an active version can answer here, and every check that it was given is content. A model
 * without a version does not count: somebody has to send it observations first.
 */
final class ManagementHandler implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementHandler.class);
    private static final String METHODS = "GET, HEAD";

    private final Vertx vertx;
    private final AccessControl access;
    private final LiveModels models;
    private final List<Services.ReadinessCheck> checks;
    private final PrometheusMeterRegistry metrics;

    ManagementHandler(Vertx vertx, AccessControl access, Services services) {
        this.vertx = vertx;
        this.access = access;
        this.models = services.models();
        this.checks = services.checks();
        this.metrics = services.metrics();
    }

    /** The state of the node: {@code UP} or {@code DOWN}, as a whole and check by check. */
    record Health(String status, List<Check> checks) {}

    /** One check; {@code trouble} is null when all is well. Of what is {@code DEGRADED} the node goes on with what it had before. */
    record Check(String name, String status, @Nullable String trouble) {
        static Check of(String name, Optional<String> trouble) {
            return new Check(name, trouble.isEmpty() ? "UP" : "DOWN", trouble.orElse(null));
        }

        static Check ofSparable(String name, Optional<String> trouble) {
            return new Check(name, trouble.isEmpty() ? "UP" : "DEGRADED", trouble.orElse(null));
        }

        boolean isDown() {
            return status.equals("DOWN");
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            send(request, Problem.reply(HttpFailure.wrongMethod(METHODS)));
            return;
        }
        switch (request.path()) {
            case "/health/live" -> send(request, Reply.ok(new Health("UP", List.of())));
            case "/health/ready" -> send(request, ready());
            case "/metrics" -> {
                if (isLetIn(request)) {
                    scrape(request);
                }
            }
            default -> send(request, Problem.reply(HttpFailure.unknownPath()));
        }
    }

    /** Health is for everybody who reaches this port, metrics beyond this machine only for who has a key. */
    private boolean isLetIn(HttpServerRequest request) {
        if (!access.isManagementExposed()) {
            return true;
        }
        try {
            Caller caller = access.gate()
                    .enter(
                            request.getHeader(HttpHeaders.AUTHORIZATION),
                            request.remoteAddress().hostAddress());
            Gate.require(Role.READ, caller.role());
            return true;
        } catch (AccessRefusal e) {
            send(request, Problem.reply(e));
            return false;
        }
    }

    private Reply ready() {
        List<Check> results = new ArrayList<>();
        results.add(Check.of("models", notLoaded()));
        checks.forEach(
                check -> results.add(Check.of(check.name(), check.trouble().get())));
        access.troubles().forEach((name, trouble) -> results.add(Check.ofSparable(name, trouble)));
        boolean isReady = results.stream().noneMatch(Check::isDown);
        return Reply.json(isReady ? 200 : 503, new Health(isReady ? "UP" : "DOWN", results));
    }

    private Optional<String> notLoaded() {
        List<String> missing = new ArrayList<>();
        for (CatalogueEntry entry : models.entries().values()) {
            entry.active()
                    .map(entry::id)
                    .filter(id -> models.loaded(id).isEmpty())
                    .ifPresent(id -> missing.add(id.toString()));
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of("not loaded yet: " + String.join(", ", missing));
    }

    /** Off the event loop: with many meters a scrape takes milliseconds. */
    private void scrape(HttpServerRequest request) {
        vertx.executeBlocking(() -> Buffer.buffer(metrics.scrape()), false).onComplete(text -> {
            if (text.succeeded()) {
                send(request, new Reply(200, "text/plain; version=0.0.4; charset=utf-8", text.result(), Map.of()));
            } else {
                LOG.error("metrics answered 500: {}", Whereabouts.of(text.cause()));
                send(request, Problem.reply(text.cause()));
            }
        });
    }

    private static void send(HttpServerRequest request, Reply reply) {
        if (request.response().closed()) {
            return;
        }
        request.response().setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
        reply.headers().forEach(request.response()::putHeader);
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .putHeader("Content-Length", String.valueOf(reply.body().length()));
            request.response().end();
        } else {
            request.response().end(reply.body());
        }
    }
}
