package io.velox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueryableUserModelReaderTest {
    private static final Optional<String> JOB = Optional.of("0123456789abcdef0123456789abcdef");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void whileNobodyKnowsTheJobItsStateIsUnavailable() {
        try (var reader = new QueryableUserModelReader(List.of("127.0.0.1:1"), Optional::empty, TIMEOUT)) {
            assertThat(failureOf(reader.userModel("u"))).hasMessageContaining("has not reported yet");
            assertThat(failureOf(reader.history("u"))).hasMessageContaining("has not reported yet");
        }
    }

    @Test
    void whereNoProxyListensItsStateIsUnavailable() throws Exception {
        List<String> proxies = List.of("127.0.0.1:" + closedPort(), "127.0.0.1:" + closedPort());
        try (var reader = new QueryableUserModelReader(proxies, () -> JOB, TIMEOUT)) {
            assertThat(failureOf(reader.userModel("u"))).hasMessageContaining("no query proxy can be reached");
        }
    }

    @Test
    void aProxyThatNeverAnswersTimesOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var reader = new QueryableUserModelReader(
                        List.of("127.0.0.1:" + silent.getLocalPort()), () -> JOB, Duration.ofMillis(50))) {
            assertThat(failureOf(reader.userModel("u"))).hasMessageContaining("no answer within 50 ms");
        }
    }

    @Test
    void addressesThatAreNoHostAndPortAreRefused() {
        for (String address : List.of("", "localhost", "localhost:", ":9069", "localhost:0", "localhost:99999")) {
            assertThatThrownBy(() -> new QueryableUserModelReader(List.of(address), () -> JOB, TIMEOUT))
                    .asInstanceOf(type(VeloxException.class))
                    .extracting(e -> e.field().orElseThrow())
                    .isEqualTo("queryable-state.proxies");
        }
        assertThatThrownBy(() -> new QueryableUserModelReader(List.of(), () -> JOB, TIMEOUT))
                .isInstanceOf(VeloxException.class);
    }

    private static VeloxException failureOf(CompletableFuture<?> future) {
        try {
            future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(VeloxException.class);
            VeloxException failure = (VeloxException) e.getCause();
            assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
            return failure;
        } catch (Exception e) {
            throw new AssertionError("the future has a deadline of its own", e);
        }
        throw new AssertionError("should have failed");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
