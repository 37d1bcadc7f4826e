package io.velox.serving.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyRefusalTest {
    private static final Duration BOUND = Duration.ofMillis(10);
    private static final String REFUSAL = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nno\n";

    private final TurningLoop loop = new TurningLoop();
    private final Backlog backlog = new Backlog(BOUND, loop::nanoTime, loop);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int told;

    EarlyRefusalTest() {
        channel.pipeline()
                .addLast("httpDecoder", new HttpRequestDecoder())
                .addLast("httpEncoder", new HttpResponseEncoder())
                .addLast("handler", new ChannelInboundHandlerAdapter());
        EarlyRefusal.addTo(channel.pipeline(), backlog, new Refusals(REFUSAL, metrics), () -> told++);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void requestsThatHaveWaitedTooLongAreRefusedAndNobodySeesThem() {
        fallBehind();

        send(post("one") + post("two") + "GET /three HTTP/1.1\r\n\r\n");

        assertThat(seen()).isEmpty();
        assertThat(answers()).isEqualTo(REFUSAL.repeat(3));
        assertThat(metrics.counter("velox.http.shed").count()).isEqualTo(3);
        assertThat(told).isPositive();
    }

    @Test
    void aRequestThatComesInPiecesIsRefusedOnce() {
        fallBehind();
        String request = post("in pieces");

        for (int i = 0; i < request.length(); i++) {
            send(request.substring(i, i + 1));
        }

        assertThat(seen()).isEmpty();
        assertThat(answers()).isEqualTo(REFUSAL);
    }

    @Test
    void moreThanFitInARowAreAllRefused() {
        fallBehind();
        int number = 3 * Refusals.MOST_IN_A_ROW + 1;

        send(post("x").repeat(number));

        assertThat(answers()).isEqualTo(REFUSAL.repeat(number));
        assertThat(metrics.counter("velox.http.shed").count()).isEqualTo(number);
    }

    @Test
    void whileARequestIsBeingAnsweredThoseBehindItAreLetThrough() {
        send(post("first"));
        assertThat(seen()).isEqualTo("POST /first ");
        fallBehind();

        send(post("second"));
        assertThat(seen()).isEqualTo("POST /second ");
        assertThat(answers()).isEmpty();

        answer(HttpResponseStatus.OK);
        send(post("third"));
        assertThat(seen()).isEqualTo("POST /third ");

        answer(HttpResponseStatus.OK);
        answer(HttpResponseStatus.OK);
        send(post("fourth"));
        assertThat(seen()).isEmpty();
        assertThat(answers()).endsWith(REFUSAL);
    }

    @Test
    void anInterimAnswerDoesNotEndARequest() {
        send(post("first"));
        answer(HttpResponseStatus.CONTINUE);
        fallBehind();

        send(post("second"));

        assertThat(seen()).isEqualTo("POST /first POST /second ");
        assertThat(answers()).doesNotContain("503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
                "POST /x HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n",
                "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "HEAD /x HTTP/1.1\r\n\r\n"
            })
    void whatNeedsMoreThanAnAnswerIsLetThrough(String request) {
        fallBehind();

        send(request);

        assertThat(seen()).contains(" /x ");
        assertThat(answers()).isEmpty();
    }

    /** So that what comes next has waited for too long. */
    private void fallBehind() {
        loop.fallBehind(backlog, BOUND);
        assertThat(backlog.isTooLong()).isFalse();
        loop.pass(BOUND.plusNanos(1));
    }

    private void send(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    private void answer(HttpResponseStatus status) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set("Content-Length", 0);
        channel.pipeline().context("handler").writeAndFlush(response).syncUninterruptibly();
    }

    private static String post(String name) {
        return "POST /" + name.replace(' ', '-') + " HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
    }

    /** The requests that came through since the last call. */
    private String seen() {
        StringBuilder seen = new StringBuilder();
        for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part instanceof HttpRequest request) {
                seen.append(request.method()).append(' ').append(request.uri()).append(' ');
            }
            ReferenceCountUtil.release(part);
        }
        return seen.toString();
    }

    /** What was sent back since the last call. */
    private String answers() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            sent.append(part.toString(US_ASCII));
            part.release();
        }
        return sent.toString();
    }
}
