package io.velox.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir
    private Path folder;

    @Test
    void aReportHasTheFieldsOfTheDesignInTheirOrder() throws Exception {
        Path file = new Results(folder).write(report(List.of(Figure.exact("observationsPerSecond", "1/s", 12.5))));

        assertThat(file).isEqualTo(folder.resolve("import.json"));
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertThat(names(json))
                .containsExactly(
                        "name", "command", "commit", "date", "machine", "versions", "dataset", "figures", "notes");
        assertThat(names(json.get("machine"))).containsExactly("cpu", "cores", "memory", "os", "java");
        assertThat(names(json.get("dataset"))).containsExactly("name", "sha256", "ratings");
        assertThat(names(json.get("figures").get(0))).containsExactly("name", "unit", "value", "low", "high", "n");
        assertThat(json.get("date").asText()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(json.get("versions").get("flink").asText()).isEqualTo("2.3.0");
        assertThat(json.get("figures").get(0).get("value").asDouble()).isEqualTo(12.5);
    }

    @Test
    void twoFiguresOfOneNameAreRefused() {
        Figure figure = Figure.exact("users", "", 1);
        assertThatThrownBy(() -> report(List.of(figure, figure))).hasMessageContaining("users");
    }

    @Test
    void theMachineIsKnown() {
        Machine machine = Machine.here();
        assertThat(machine.cores()).isPositive();
        assertThat(machine.memory()).isGreaterThan(1 << 20);
        assertThat(machine.cpu()).isNotBlank();
        assertThat(machine.os()).isNotBlank();
    }

    private static Report report(List<Figure> figures) {
        TreeMap<String, String> versions = new TreeMap<>();
        versions.put("flink", "2.3.0");
        return new Report(
                "import",
                "scripts/velox bench import",
                "abc",
                Instant.parse("2026-11-22T10:00:00Z"),
                new Machine("cpu", 2, 1L << 34, "os", "java"),
                versions,
                new Dataset("synthetic", "00", 100),
                figures,
                List.of("a note"));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
