package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.ConfigurationReader;
import io.velox.serving.Eventually;
import io.velox.serving.http.Connections.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String HEAD = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n";

    @Test
    void aConnectionTooManyIsClosedAndOneThatEndsMakesRoom() throws IOException {
        try (ApiFixture api = with(new Limits(2, LONG, LONG))) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                open.add(connect(api));
                assertThat(answer(open.get(i))).startsWith("HTTP/1.1 200");
            }

            try (Socket surplus = connect(api)) {
                assertThat(isClosed(surplus)).isTrue();
            }
            assertThat(answer(open.get(0))).startsWith("HTTP/1.1 200");
            open.get(0).close();
            Eventually.await("room for another", () -> isAnswered(api));
            open.get(1).close();
        }
    }

    @Test
    void aConnectionWhoseFirstRequestNeverEndsIsClosed() throws IOException {
        try (ApiFixture api = with(new Limits(10, SHORT, LONG));
                Socket slow = connect(api)) {
            send(slow, HEAD + "X-Slow: ");

            assertThat(isClosed(slow)).isTrue();
        }
    }

    @Test
    void aConnectionThatIsIdleAfterAnAnswerIsClosed() throws IOException {
        try (ApiFixture api = with(new Limits(10, LONG, SHORT));
                Socket idle = connect(api)) {
            assertThat(answer(idle)).startsWith("HTTP/1.1 200");

            assertThat(isClosed(idle)).isTrue();
        }
    }

    @Test
    void aConnectionWhoseRequestIsBeingAnsweredIsKept() throws IOException {
        try (ApiFixture api = with(new Limits(10, SHORT, SHORT));
                Socket busy = connect(api)) {
            String head = "POST /v1/observe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
            String body = "{\"uid\":\"u1\",\"item\":\"1\",\"label\":4}";
            send(busy, head + "Content-Length: " + body.length() + "\r\n\r\n" + body.substring(0, 10));
            try (Socket other = connect(api)) {
                // By the time that this one is closed, a request that has begun would be too.
                assertThat(isClosed(other)).isTrue();
            }

            send(busy, body.substring(10));
            assertThat(head(busy)).startsWith("HTTP/1.1 200");
        }
    }

    private static ApiFixture with(Limits limits) {
        return new ApiFixture(ConfigurationReader.defaults().access(), limits);
    }

    private static Socket connect(ApiFixture api) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static boolean isAnswered(ApiFixture api) {
        try (Socket socket = connect(api)) {
            return answer(socket).startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        send(socket, HEAD + "\r\n");
        return head(socket);
    }

    /** The first line of an answer, which is read whole. */
    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new SocketException("closed after: " + head);
            }
            head.append((char) next);
        }
        String length = head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
        return head.substring(0, head.indexOf("\r\n"));
    }

    /** Waits for the other end to close; a timeout of the socket fails the test. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // reset
        }
    }
}
