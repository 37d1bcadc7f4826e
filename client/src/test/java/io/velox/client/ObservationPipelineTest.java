package io.velox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.velox.client.FakeServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObservationPipelineTest {
    private FakeServer server;
    private VeloxClient client;
    private final Map<String, List<Double>> arrived = new HashMap<>();
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.answer(this::accept);
        client = new VeloxClient(server.api());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void observationsOfAUserArriveInTheOrderInWhichTheyWereAdded() {
        try (ObservationPipeline pipeline = new ObservationPipeline(client, 4, 7, recorder)) {
            for (int i = 0; i < 1000; i++) {
                pipeline.add(i, Observation.of("u" + i % 10, "item", i));
            }
        }

        assertThat(recorder.acknowledged).hasSize(1000);
        for (int u = 0; u < 10; u++) {
            int user = u;
            assertThat(arrived.get("u" + u))
                    .containsExactlyElementsOf(IntStream.range(0, 100)
                            .mapToObj(i -> (double) (10 * i + user))
                            .toList());
        }
    }

    @Test
    void anObservationThatIsRefusedIsFoundAndTheOthersOfItsBatchArrive() {
        try (ObservationPipeline pipeline = new ObservationPipeline(client, 1, 16, recorder)) {
            for (int i = 1; i <= 50; i++) {
                pipeline.add(i, Observation.of("u", "item", i == 13 || i == 37 ? -1 : i));
            }
        }

        assertThat(recorder.refused).containsExactly(13L, 37L);
        assertThat(recorder.acknowledged).hasSize(48);
        assertThat(arrived.get("u")).isSorted().hasSize(48);
    }

    @Test
    void aServerThatFailsEndsIt() {
        server.answer(500, "{\"status\":500,\"code\":\"INTERNAL\",\"detail\":\"broken\"}");
        VeloxClientException e = catchThrowableOfType(VeloxClientException.class, () -> {
            try (ObservationPipeline pipeline = new ObservationPipeline(client, 2, 5, recorder)) {
                for (int i = 0; i < 10_000; i++) {
                    pipeline.add(i, Observation.of("u" + i, "item", i));
                }
            }
        });

        assertThat(e.detail()).isEqualTo("broken");
        assertThat(recorder.acknowledged).isEmpty();
    }

    private synchronized Answer accept(FakeServer.Request request) {
        try {
            JsonNode batch = new JsonMapper().readTree(request.body());
            List<String> receipts = new ArrayList<>();
            for (JsonNode one : batch) {
                if (one.get("label").asDouble() < 0) {
                    return new Answer(400, "{\"status\":400,\"detail\":\"label must not be negative\"}");
                }
            }
            for (JsonNode one : batch) {
                arrived.computeIfAbsent(one.get("uid").asText(), u -> new ArrayList<>())
                        .add(one.get("label").asDouble());
                receipts.add("\"0:0:1\"");
            }
            return new Answer(200, "{\"receipts\":[" + String.join(",", receipts) + "]}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Recorder implements ObservationPipeline.Listener {
        private final List<Long> acknowledged = new ArrayList<>();
        private final List<Long> refused = new ArrayList<>();

        @Override
        public synchronized void acknowledged(long number, Observation observation, String receipt) {
            acknowledged.add(number);
        }

        @Override
        public synchronized void refused(long number, Observation observation, VeloxClientException reason) {
            refused.add(number);
        }
    }
}
