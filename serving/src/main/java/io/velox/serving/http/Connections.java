package io.velox.serving.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One event loop's connections: how many the port may have, and how long one may stay without a whole request, however many bytes of
 * one trickle in. Event-loop confined, but for the count, which the port's event loops share.
 */
final class Connections {
    /**
     * The bounds of a port.
     *
     * @param connections more are closed as they come
     * @param firstRequest in which a new connection must have sent the head of a request
     * @param idle after an answer, in which the client must have taken it and sent the head of the next request
     */
    record Limits(int connections, Duration firstRequest, Duration idle) {
        static Limits of(int connections) {
            return new Limits(connections, Duration.ofSeconds(30), Duration.ofSeconds(120));
        }
    }

    private static final class State {
        private int requests;
        private long deadline;
    }

    private final Vertx vertx;
    private final Limits limits;
    private final AtomicInteger count;
    private final Map<HttpConnection, State> states = new HashMap<>();

    /** {@code count} is that of the port. */
    Connections(Vertx vertx, Limits limits, AtomicInteger count) {
        this.vertx = vertx;
        this.limits = limits;
        this.count = count;
    }

    /** Looks for connections that are late, for as long as the event loop lives. */
    void start() {
        long shortest = Math.min(limits.firstRequest.toMillis(), limits.idle.toMillis());
        vertx.setPeriodic(Math.max(1, shortest / 4), tick -> closeLate());
    }

    void opened(HttpConnection connection) {
        if (count.incrementAndGet() > limits.connections) {
            count.decrementAndGet();
            connection.close();
            return;
        }
        State state = new State();
        state.deadline = System.nanoTime() + limits.firstRequest.toNanos();
        states.put(connection, state);
        connection.closeHandler(closed -> {
            states.remove(connection);
            count.decrementAndGet();
        });
    }

    /** A request was refused before anything was begun for it: the connection is in use. */
    void refused(HttpConnection connection) {
        State state = states.get(connection);
        if (state != null) {
            state.deadline = System.nanoTime() + limits.idle.toNanos();
        }
    }

    /** Keeps a connection while it has requests to be answered. */
    Handler<HttpServerRequest> watching(Handler<HttpServerRequest> handler) {
        return request -> {
            State state = states.get(request.connection());
            if (state != null) {
                state.requests++;
                request.response().endHandler(end -> {
                    state.requests--;
                    state.deadline = System.nanoTime() + limits.idle.toNanos();
                });
            }
            handler.handle(request);
        };
    }

    private void closeLate() {
        long now = System.nanoTime();
        // Closing one takes it out of the map.
        for (Map.Entry<HttpConnection, State> entry : List.copyOf(states.entrySet())) {
            State state = entry.getValue();
            if (state.requests == 0 && now - state.deadline > 0) {
                entry.getKey().close();
            }
        }
    }
}
