package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.serving.predict.CpuPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
