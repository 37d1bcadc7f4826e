package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.serving.Eventually;
import io.velox.serving.bulk.BodyStream;
import io.velox.serving.bulk.BulkFailure;
import io.velox.serving.bulk.BulkProgress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Imports over connections that stand still, break, or are too many. */
class BulkConnectionTest {
    private static final String LINE = "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\n";

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture();
    }

    @AfterEach
    void stop() {
        api.log.isOpen.complete(null);
        api.close();
    }

    /** An import that is begun and open-ended. */
    private record Open(HttpClientRequest request, Future<ApiFixture.Response> response) {}

    private Open open() {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(api.server.port())
                .setMethod(HttpMethod.POST)
                .setURI("/v1/observe/bulk")
                .putHeader("Content-Type", "application/x-ndjson");
        Promise<Open> begun = Promise.promise();
        // On the client's event loop, because a response that arrives before its reader is lost.
        api.vertx.runOnContext(now -> api.client
                .request(options)
                .map(request -> {
                    request.setChunked(true);
                    Future<ApiFixture.Response> response =
                            request.response().compose(r -> r.body().map(bytes -> ApiFixture.response(r, bytes)));
                    return new Open(request, response);
                })
                .onComplete(begun));
        return ApiFixture.get(begun.future());
    }

    @Test
    void aLogThatStandsStillHoldsTheConnectionUpAndNothingIsLost() {
        api.log.isOpen = new CompletableFuture<>();
        Open open = open();
        Buffer piece = Buffer.buffer(LINE.repeat(1_000));
        int[] pieces = new int[1];
        Eventually.await("the connection takes no more", () -> {
            if (!open.request.writeQueueFull()) {
                open.request.write(piece);
                pieces[0]++;
            }
            assertThat(pieces[0]).isLessThan(5_000);
            return pieces[0] > 100 && open.request.writeQueueFull();
        });
        assertThat(api.log.records).isEmpty();

        api.log.isOpen.complete(null);
        open.request.end();

        ApiFixture.Response response = ApiFixture.get(open.response);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("accepted").asInt()).isEqualTo(1_000 * pieces[0]);
        assertThat(api.log.records).hasSize(1_000 * pieces[0]);
    }

    @Test
    void aConnectionThatBreaksLeavesItsWholeLinesInTheLog() {
        Open open = open();
        open.request.write(LINE + LINE + "{\"uid\"");
        Eventually.await("two lines have come", () -> api.log.records.size() == 2);
        open.request.write(":\"a\",\"item\":\"1\",\"label\":1}\n{");
        open.request.connection().close();

        Eventually.await("the third has come", () -> api.log.records.size() == 3);
        assertThat(api.send("POST", "/v1/observe/bulk", LINE, Map.of("Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void moreImportsAtATimeThanThereMayBeAreTurnedAwayUntilOneHasEnded() {
        List<Open> running = new ArrayList<>();
        for (int i = 0; i < ObserveBulk.MAX_RUNNING; i++) {
            Open open = open();
            open.request.write(LINE);
            running.add(open);
        }
        Eventually.await("all have begun", () -> api.log.records.size() == ObserveBulk.MAX_RUNNING);
        Open tooMany = open();
        tooMany.request.end(LINE);

        ApiFixture.Response turnedAway = ApiFixture.get(tooMany.response);
        running.forEach(open -> open.request.end());
        running.forEach(
                open -> assertThat(ApiFixture.get(open.response).status()).isEqualTo(200));

        assertThat(turnedAway.status()).isEqualTo(503);
        assertThat(turnedAway.json().get("code").asText()).isEqualTo("OVERLOADED");
        Eventually.await("a thread is free again", () -> {
            Open next = open();
            next.request.end(LINE);
            return ApiFixture.get(next.response).status() == 200;
        });
    }

    @Test
    void aFailureWhileTheBodyIsStillComingReachesTheSender() {
        api.log.isDown = true;
        Open open = open();
        open.request.write(LINE);

        ApiFixture.Response response = ApiFixture.get(open.response.onSuccess(early -> open.request.end(LINE)));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.json().get("firstLine").asInt()).isEqualTo(1);
    }

    @Test
    void aSenderThatStallsIsARequestTimeoutThatSaysHowFarItGot() throws IOException {
        try (BodyStream silent = new BodyStream(
                new BodyStream.Valve() {
                    @Override
                    public void pause() {}

                    @Override
                    public void resume() {}
                },
                1,
                Duration.ZERO)) {
            silent.read();
        } catch (BodyStream.StalledException e) {
            Reply reply = Problem.reply(ObserveBulk.inHttp(new BulkFailure(e, BulkProgress.NONE, 8)));

            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.body().toJsonObject().getLong("firstLine")).isEqualTo(8);
            api.contract.assertValidResponse("observeBulk", 408, reply.contentType(), reply.body());
            return;
        }
        throw new AssertionError("nobody waited in vain");
    }
}
