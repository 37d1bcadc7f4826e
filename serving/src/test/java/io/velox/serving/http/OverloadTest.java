package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.serving.predict.CpuPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OverloadTest {
    private static final String SMALL = "{\"uid\":\"u\",\"k\":1}";
    private static final String LARGE = SMALL + " ".repeat(40 << 10);

    @Test
    void largeRequestsAreTurnedAwayWhenTheQueueIsFullWhileSmallOnesAreStillAnswered() {
        CountDownLatch release = new CountDownLatch(1);
        CpuPool cpu = new CpuPool(1, 1);
        try (ApiFixture api = new ApiFixture(cpu)) {
            assertThat(api.post("/v1/models/als/topk", LARGE).status()).isEqualTo(200);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> computed = cpu.submit(() -> {
                begun.countDown();
                return awaited(release);
            });
            assertThat(awaited(begun)).isTrue(); // the queue is empty again from here on
            List<CompletableFuture<Boolean>> busy = List.of(computed, cpu.submit(() -> awaited(release)));

            ApiFixture.Response turnedAway = api.post("/v1/models/als/topk", LARGE);
            ApiFixture.Response answered = api.post("/v1/models/als/topk", SMALL);

            assertThat(turnedAway.status()).isEqualTo(503);
            assertThat(turnedAway.json().get("code").asText()).isEqualTo("OVERLOADED");
            assertThat(turnedAway.header("Retry-After")).isEqualTo("1");
            assertThat(answered.status()).isEqualTo(200);
            assertThat(busy).noneMatch(CompletableFuture::isDone);
        } finally {
            release.countDown();
        }
    }

    @Test
    void aNodeThatDoesNotCatchUpRefusesInOrderWhatIsTooMuchAndIsItselfAgainAfterwards() throws IOException {
        String request = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n";
        try (ApiFixture api = new ApiFixture();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port())) {
            api.models.work = Duration.ofMillis(2);
            String all = (request + "\r\n").repeat(699) + "HEAD" + request.substring(3) + "\r\n" + request
                    + "Connection: close\r\n\r\n";

            socket.getOutputStream().write(all.getBytes(US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);

            List<String> heads = Stream.of(answers.split("(?=HTTP/1\\.1 )", -1))
                    .map(answer -> answer.substring(0, answer.indexOf("\r\n\r\n")))
                    .toList();
            List<String> refusals =
                    heads.stream().filter(head -> head.contains(" 503 ")).toList();
            assertThat(heads).hasSize(701);
            assertThat(heads.get(0)).startsWith("HTTP/1.1 200 OK");
            assertThat(heads.get(700)).startsWith("HTTP/1.1 503 Service Unavailable");
            assertThat(refusals).hasSizeGreaterThan(1).allMatch(head -> head.contains("\r\nRetry-After: 1"));
            int withBody = refusals.size() - 1; // the answer to HEAD has none
            assertThat(answers.split("\"code\":\"OVERLOADED\"", -1)).hasSize(withBody + 1);
            assertThat(api.management("GET", "/metrics").body().toString())
                    .contains("velox_http_shed_total " + refusals.size() + ".0");
            api.models.work = Duration.ZERO;
            assertThat(api.get("/v1/models").status()).isEqualTo(200);
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
