package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.error.Whereabouts;
import io.velox.serving.access.Caller;
import io.velox.serving.access.Gate;
import io.velox.serving.predict.CpuPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request from its first byte to its answer: key, route, role, body, media type, operation, reply or problem document,
 * measurement.
 * Event-loop confined.
 */
final class ApiHandler implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** From this size on a body is parsed off the event loop. */
    private static final int LARGE_BODY_BYTES = 32 << 10;

    /** Longer than any deadline below it, so that it only ever ends what has lost its own. */
    private static final long MAX_MILLIS = 90_000;

    private final Vertx vertx;
    private final Gate gate;
    private final Routes routes;
    private final CpuPool cpu;
    private final RequestMetrics metrics;
    private final long maxBodyBytes;

    ApiHandler(Vertx vertx, Gate gate, Routes routes, CpuPool cpu, RequestMetrics metrics, long maxBodyBytes) {
        this.vertx = vertx;
        this.gate = gate;
        this.routes = routes;
        this.cpu = cpu;
        this.metrics = metrics;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void handle(HttpServerRequest request) {
        long start = System.nanoTime();
        try {
            gate.refuseForeignPages(request.getHeader(HttpHeaders.ORIGIN), authority(request));
            Caller caller = gate.enter(
                    request.getHeader(HttpHeaders.AUTHORIZATION),
                    request.remoteAddress().hostAddress());
            List<String> segments = PercentDecoding.segments(request.path());
            if (request.method().equals(HttpMethod.OPTIONS)) {
                send(request, Reply.allows(routes.allowed(segments)), "options", start);
                return;
            }
            Routes.Match match = routes.match(request.method(), segments);
            Gate.require(match.route().role(), caller.role());
            String operation = match.route().operationId();
            answered(request, match, caller.name()).onComplete(done -> {
                if (done.succeeded()) {
                    send(request, done.result(), operation, start);
                } else {
                    sendProblem(request, done.cause(), operation, start);
                }
            });
        } catch (RuntimeException e) {
            BodyCollector.drop(vertx, request);
            sendProblem(request, e, RequestMetrics.NO_OPERATION, start);
        }
    }

    private static @Nullable String authority(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return authority == null ? null : authority.toString();
    }

    private Future<Reply> answered(HttpServerRequest request, Routes.Match match, String caller) {
        Context context = vertx.getOrCreateContext();
        if (match.route().endpoint() instanceof StreamOperation stream) {
            return Future.succeededFuture().compose(now -> {
                Map<String, String> query = query(request, match.route());
                return stream.answer(new Call(context, match.parameters(), query, Buffer.buffer(), caller), request);
            });
        }
        Operation operation = (Operation) match.route().endpoint();
        boolean readsBody = !match.route().method().equals(HttpMethod.GET);
        Future<Buffer> body = readsBody
                ? BodyCollector.collect(vertx, request, maxBodyBytes)
                : Future.succeededFuture(Buffer.buffer());
        return body.compose(bytes -> {
            Map<String, String> query = query(request, match.route());
            if (bytes.length() > 0) {
                checkMediaType(request);
            }
            Call call = new Call(context, match.parameters(), query, bytes, caller);
            return bounded(
                    bytes.length() < LARGE_BODY_BYTES
                            ? operation.answer(call)
                            : call.await(cpu.submit(() -> operation.answer(call)))
                                    .compose(reply -> reply));
        });
    }

    private Future<Reply> bounded(Future<Reply> reply) {
        if (reply.isComplete()) {
            return reply;
        }
        Promise<Reply> bounded = Promise.promise();
        long timer = vertx.setTimer(
                MAX_MILLIS,
                late -> bounded.tryFail(
                        new VeloxException(ErrorCode.OVERLOADED, "the answer took too long; try again")));
        reply.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                bounded.tryComplete(done.result());
            } else {
                bounded.tryFail(done.cause());
            }
        });
        return bounded.future();
    }

    private static Map<String, String> query(HttpServerRequest request, Route route) {
        String text = request.query();
        if (text == null || text.isEmpty()) {
            return Map.of();
        }
        Map<String, String> query = PercentDecoding.parameters(text);
        for (String name : query.keySet()) {
            if (!route.query().contains(name)) {
                throw Fields.invalid(
                        name.length() <= 80 ? name : name.substring(0, 80),
                        "is no parameter here; there may be "
                                + route.query().stream().sorted().toList());
            }
        }
        return query;
    }

    private static void checkMediaType(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw HttpFailure.wrongMediaType("Content-Encoding must be identity: send the body uncompressed");
        }
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean isJson = parts[0].trim().equals(Reply.JSON);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").replace(" ", "");
            isJson &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!isJson) {
            throw HttpFailure.wrongMediaType("Content-Type must be application/json in UTF-8");
        }
    }

    private void sendProblem(HttpServerRequest request, Throwable thrown, String operation, long start) {
        Problem problem = Problem.of(thrown);
        if (problem.code().equals(ErrorCode.RECEIPT_TIMEOUT.name())) {
            LOG.info(
                    "{} answered 503 {}: the job is further behind than the request wants to wait",
                    operation,
                    problem.code());
        } else if (problem.status() == 503) {
            LOG.warn("{} answered 503 {}", operation, problem.code());
        } else if (problem.status() >= 500) {
            LOG.error(
                    "{} answered {} {}: {}",
                    operation,
                    problem.status(),
                    problem.code(),
                    Whereabouts.of(Problem.cause(thrown)));
        }
        send(request, Problem.reply(thrown), operation, start);
    }

    private void send(HttpServerRequest request, Reply reply, String operation, long start) {
        HttpServerResponse response = request.response();
        metrics.record(operation, reply.status(), System.nanoTime() - start);
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        boolean isHttp2 = request.version() == HttpVersion.HTTP_2;
        reply.headers().forEach((name, value) -> {
            // In HTTP/2 the header is an error, and the stream ends anyhow.
            if (!isHttp2 || !name.equals("Connection")) {
                response.putHeader(name, value);
            }
        });
        if (!reply.contentType().isEmpty()) {
            response.putHeader("Content-Type", reply.contentType());
            response.putHeader("Cache-Control", "no-store");
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", String.valueOf(reply.body().length()));
            response.end();
        } else if (reply.status() == 204) {
            response.end();
        } else {
            response.end(reply.body());
        }
    }
}
