package io.velox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.client.Activation.Station;
import io.velox.client.FakeServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivationTest {
    private FakeServer server;
    private Activation activation;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        activation = new Activation(new VeloxClient(server.api()), Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void passesAllStationsUntilTheVersionIsActive() {
        List<String> states = List.of("", "PUBLISHED", "REBASING", "ACTIVE");
        AtomicInteger looks = new AtomicInteger();
        server.answer(request -> model(states.get(looks.getAndIncrement()), "null"));
        Set<Station> seen = new LinkedHashSet<>();
        activation.await("als", 2, Duration.ofSeconds(30), seen::add);

        assertThat(seen).containsExactly(Station.TRAINING, Station.LOADING, Station.REBASING, Station.ACTIVE);
    }

    @Test
    void aTrainingThatFailedEndsTheWaitWithItsReason() {
        server.answer(request -> model("", "{\"version\":2,\"failure\":\"no space left\"}"));

        assertThatThrownBy(() -> activation.await("als", 2, Duration.ofSeconds(30), station -> {}))
                .isInstanceOf(VersionFailedException.class)
                .hasMessageContaining("no space left");
    }

    @Test
    void aRejectedVersionEndsTheWaitWithItsReason() {
        server.answer(request -> model("REJECTED", "null"));

        assertThatThrownBy(() -> activation.await("als", 2, Duration.ofSeconds(30), station -> {}))
                .isInstanceOf(VersionFailedException.class)
                .hasMessageContaining("REJECTED: because");
    }

    @Test
    void aVersionThatDoesNotComeEndsTheWaitAtTheDeadline() {
        server.answer(request -> model("REBASING", "null"));

        assertThatThrownBy(() -> activation.await("als", 2, Duration.ofMillis(50), station -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("REBASING");
    }

    private static Answer model(String state, String training) {
        String versions = state.isEmpty() ? "" : "{\"version\":2,\"state\":\"" + state + "\",\"reason\":\"because\"}";
        return new Answer(
                200,
                "{\"model\":\"als\",\"kind\":\"als\",\"versions\":[" + versions + "],\"training\":" + training + "}");
    }
}
