package io.velox.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BarrageTest {
    private static final List<byte[]> REQUESTS = List.of("a".getBytes(US_ASCII), "b".getBytes(US_ASCII));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String REFUSED = "HTTP/1.1 503 No\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n";
    private static final String REFUSED_FOR_EVER = "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n";

    private final ServerSocket server;
    private final AtomicInteger requests = new AtomicInteger();

    BarrageTest() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void everyRequestIsSentWhenDueAndCountedByItsAnswer() throws IOException {
        answerInTurn(OK, REFUSED, OK, REFUSED_FOR_EVER);
        try (Barrage barrage = barrage(3)) {
            Course course = barrage.steady(1_000, Duration.ofSeconds(1));

            assertThat(requests).hasValue(1_000);
            assertThat(course.micros().getTotalCount()).isEqualTo(500);
            assertThat(course.refusedMicros().getTotalCount()).isEqualTo(500);
            assertThat(course.refusedWithoutRetry()).isEqualTo(250);
            assertThat(course.failed()).isZero();
            assertThat(course.answeredPerSecond()).isEqualTo(500);
            assertThat(course.answerBytes()).isEqualTo(OK.length());
            assertThat(course.windows()).hasSize(4).allSatisfy(window -> assertThat(
                            window.micros().getTotalCount()
                                    + window.refusedMicros().getTotalCount())
                    .isBetween(249L, 251L));
        }
    }

    @Test
    void anotherRoundFollowsOnTheSameConnections() throws IOException {
        answerInTurn(OK);
        try (Barrage barrage = barrage(2)) {
            Course first = barrage.saturating(16, Duration.ofMillis(250));
            Course second = barrage.steady(100, Duration.ofSeconds(1));

            assertThat(first.micros().getTotalCount()).isPositive();
            assertThat(second.micros().getTotalCount()).isEqualTo(100);
            assertThat(requests.get()).isEqualTo(first.micros().getTotalCount() + 100);
        }
    }

    @Test
    void otherAnswersAreFailures() throws IOException {
        answerInTurn("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        try (Barrage barrage = barrage(1)) {
            assertThat(barrage.steady(10, Duration.ofSeconds(1)).failed()).isEqualTo(10);
        }
    }

    @Test
    void aClosedConnectionIsTheEnd() throws IOException {
        answerInTurn("");
        try (Barrage barrage = barrage(1)) {
            server.close();
            assertThatThrownBy(() -> barrage.steady(10, Duration.ofSeconds(1))).isInstanceOf(IOException.class);
        }
    }

    private Barrage barrage(int connections) throws IOException {
        return new Barrage(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), connections, REQUESTS);
    }

    /** Takes each byte for a request; an empty answer closes the connection. */
    private void answerInTurn(String... answers) {
        daemon(() -> {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> {
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        while (in.read() >= 0) {
                            String answer = answers[requests.getAndIncrement() % answers.length];
                            if (answer.isEmpty()) {
                                return;
                            }
                            socket.getOutputStream().write(answer.getBytes(US_ASCII));
                        }
                    }
                });
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
