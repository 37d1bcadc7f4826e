package io.velox.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CpuPoolTest {
    @Test
    void littleWorkIsDoneAtOnceByTheCaller() {
        try (CpuPool pool = new CpuPool(1, 1)) {
            assertThat(pool.compute(10, Thread::currentThread)).isCompletedWithValue(Thread.currentThread());
        }
    }

    @Test
    void muchWorkIsDoneByANamedThread() throws Exception {
        try (CpuPool pool = new CpuPool(1, 1)) {
            String name = pool.compute(1L << 40, () -> Thread.currentThread().getName())
                    .get(10, TimeUnit.SECONDS);

            assertThat(name).startsWith("velox-cpu-");
        }
    }

    @Test
    void whatFindsTheQueueFullIsRefusedAtOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (CpuPool pool = new CpuPool(1, 1)) {
            CompletableFuture<Boolean> running = pool.submit(() -> awaited(release));
            CompletableFuture<Boolean> queued = pool.submit(() -> awaited(release));

            assertThatThrownBy(() -> pool.submit(() -> true).get(0, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));

            release.countDown();
            assertThat(running.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(queued.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
