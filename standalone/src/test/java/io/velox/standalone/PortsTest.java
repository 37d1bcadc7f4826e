package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    private Path folder;

    @Test
    void aPortIsKeptFromStartToStart() {
        int first = ports().take("kafka");
        assertThat(ports().take("kafka")).isEqualTo(first);
    }

    @Test
    void noTwoNamesGetTheSamePort() {
        Ports ports = ports();
        assertThat(ports.take("one")).isNotEqualTo(ports.take("two"));
    }

    @Test
    void anotherPortIsTakenWhenTheKeptOneIsNotFree() throws IOException {
        int first = ports().take("kafka");
        try (ServerSocket other = listenOn(first)) {
            assertThat(ports().take("kafka")).isNotEqualTo(other.getLocalPort());
        }
    }

    @Test
    void anOperatorsPortThatIsTakenIsNamedByItsKey() throws IOException {
        int port = ports().take("api");
        Ports.requireFree("serving.port", "127.0.0.1", port);
        Ports.requireFree("serving.port", "127.0.0.1", 0);
        try (ServerSocket other = listenOn(port)) {
            assertThatThrownBy(() -> Ports.requireFree("serving.port", "127.0.0.1", other.getLocalPort()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageStartingWith("serving.port is " + port);
        }
    }

    private Ports ports() {
        return new Ports(folder.resolve("ports.properties"), new SplittableRandom());
    }

    private static ServerSocket listenOn(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
