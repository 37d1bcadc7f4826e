package io.velox.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServer;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server = vertx.createHttpServer().requestHandler(request -> {
        if (request.path().equals("/hang-up")) {
            request.connection().close();
            return;
        }
        request.body().onSuccess(body -> request.response()
                .setStatusCode(request.path().equals("/echo") ? 200 : 404)
                .end(body));
    });
    private final URI api = URI.create("http://127.0.0.1:"
            + server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .actualPort());

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Call echo(int number) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("number", number);
        return new Call("/echo", body);
    }

    @Test
    void eachCallIsAnsweredWithItsOwn() {
        try (Caller caller = new Caller(api)) {
            List<CompletableFuture<Reply>> replies =
                    IntStream.range(0, 100).mapToObj(i -> caller.post(echo(i))).toList();

            for (int i = 0; i < replies.size(); i++) {
                Reply reply = replies.get(i).join();
                assertThat(reply.isOk()).isTrue();
                assertThat(reply.call()).isEqualTo(echo(i));
                assertThat(reply.json()).isEqualTo(echo(i).body());
            }
        }
    }

    @Test
    void whatIsRefusedIsAReply() {
        try (Caller caller = new Caller(api)) {
            Reply reply = caller.post(new Call("/nowhere", echo(1).body())).join();
            assertThat(reply.isOk()).isFalse();
            assertThat(reply.status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsNotAnsweredIsAnError() {
        try (Caller caller = new Caller(api)) {
            CompletableFuture<Reply> hungUp = caller.post(new Call("/hang-up", echo(1).body()));
            assertThatThrownBy(hungUp::join).hasCauseInstanceOf(HttpClosedException.class);
        }
        server.close().toCompletionStage().toCompletableFuture().join();
        try (Caller caller = new Caller(api)) {
            CompletableFuture<Reply> nobodyThere = caller.post(echo(2));
            assertThatThrownBy(nobodyThere::join).hasCauseInstanceOf(ConnectException.class);
        }
    }
}
