package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.serving.admission.Backlog;
import io.velox.serving.admission.EarlyRefusal;
import io.velox.serving.admission.Refusals;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * Lets the requests of one event loop in, or refuses them when it is too far behind: where it can, as soon as they are decoded, and else
 * before anything else is done for them. Event-loop confined.
 */
final class Admission {
    private static final Reply REFUSAL = Problem.reply(
            new VeloxException(ErrorCode.OVERLOADED, "more requests come than this node can answer; try again later"));

    private final Vertx vertx;
    private final Backlog backlog;
    private final Refusals refusals;
    private final Connections connections;

    /**
     * When requests are refused, and how.
     *
     * @param bound of the backlog of each event loop; zero to refuse nothing
     */
    record Terms(Duration bound, Refusals refusals) {}

    /** To be made on the event loop whose connections they are. */
    Admission(Vertx vertx, Terms terms, Connections connections) {
        this.vertx = vertx;
        Context loop = vertx.getOrCreateContext();
        this.backlog = new Backlog(terms.bound, System::nanoTime, task -> loop.runOnContext(now -> task.run()));
        this.refusals = terms.refusals;
        this.connections = connections;
    }

    /** What is refused as soon as it is decoded. */
    static String rendered() {
        return REFUSAL.rendered();
    }

    void opened(HttpConnection connection) {
        connections.opened(connection);
        if (connection instanceof ConnectionBase base) {
            EarlyRefusal.addTo(base.channel().pipeline(), backlog, refusals, () -> connections.refused(connection));
        }
    }

    /** Gives the handler what is let in. */
    Handler<HttpServerRequest> before(Handler<HttpServerRequest> handler) {
        return request -> {
            if (backlog.isTooLong()) {
                refuse(request);
            } else {
                handler.handle(request);
            }
        };
    }

    private void refuse(HttpServerRequest request) {
        refusals.count(1);
        BodyCollector.drop(vertx, request);
        HttpServerResponse response = request.response().setStatusCode(REFUSAL.status());
        REFUSAL.allHeaders().forEach(response::putHeader);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", String.valueOf(REFUSAL.body().length()));
            response.end();
        } else {
            response.end(REFUSAL.body());
        }
    }
}
