package io.velox.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Calls of one API over HTTP/1.1, on as many connections as are needed. All is done by one thread, which little is asked of: what the load
 * generator takes of the machine, the server lacks.
 */
public final class Caller implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Shorter than the server keeps a connection on which nothing comes. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final int MOST_CONNECTIONS = 1_000;

    private final URI api;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient http = vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(Math.toIntExact(IDLE.toSeconds())),
            new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));

    public Caller(URI api) {
        this.api = api;
    }

    /** Ends with the answer, on the caller's thread, or with an error when there is none in half a minute. */
    public CompletableFuture<Reply> post(Call call) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(api.getHost())
                .setPort(api.getPort())
                .setURI(call.path())
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Content-Type", "application/json");
        Buffer body = Buffer.buffer(call.body().toString());
        return http.request(options)
                .compose(request -> request.send(body))
                .compose(answer -> reply(call, answer))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static Future<Reply> reply(Call call, HttpClientResponse answer) {
        return answer.body().map(body -> new Reply(call, answer.statusCode(), body));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
