package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final List<String> KEYS = List.of(
            "dataset",
            "store",
            "ratings",
            "users",
            "items",
            "version",
            "importSeconds",
            "trainSeconds",
            "rebaseSeconds",
            "rmse",
            "observeToVisibleMs",
            "topkMs",
            "topkBefore",
            "topkAfter");

    @TempDir
    private Path cache;

    @Test
    void theLastLineIsTheReportAndObservingImprovesOnTheOfflineErrorAndThatOnThePrior() throws IOException {
        try (FakeVelox velox = new FakeVelox()) {
            Outcome outcome = run(velox);

            assertThat(outcome.status).isZero();
            JsonNode report = outcome.report();
            assertThat(report.fieldNames()).toIterable().startsWith(KEYS.toArray(String[]::new));
            assertThat(report.get("dataset").asText()).isEqualTo("synthetic");
            assertThat(report.get("store").asText()).isEqualTo("file");
            assertThat(report.get("users").asInt()).isEqualTo(210);
            assertThat(report.get("ratings").asInt()).isEqualTo(30_000);
            assertThat(report.get("version").asInt()).isEqualTo(1);
            double prior = report.at("/rmse/prior").asDouble();
            double offline = report.at("/rmse/offline").asDouble();
            double online = report.at("/rmse/online").asDouble();
            assertThat(prior).isGreaterThan(offline);
            assertThat(offline).isGreaterThan(online);
            assertThat(report.at("/observeToVisibleMs/p99").asDouble())
                    .isGreaterThanOrEqualTo(report.at("/observeToVisibleMs/p50").asDouble());
            assertThat(report.get("topkBefore")).hasSize(10);
            assertThat(report.get("topkAfter")).hasSize(10).isNotEqualTo(report.get("topkBefore"));
            assertThat(report.get("resumed").asBoolean()).isFalse();
        }
    }

    @Test
    void everyRatingButTheTestOnesReachesVelox() throws IOException {
        try (FakeVelox velox = new FakeVelox()) {
            run(velox);

            Split split = new Split(42);
            try (Stream<UserRatings> users = new SyntheticDataSet(0.003, 42).users()) {
                users.map(split::of).forEach(parts -> {
                    List<String> seen = Stream.concat(parts.imported().stream(), parts.live().stream())
                            .map(Rating::item)
                            .toList();
                    assertThat(velox.history(parts.uid())).containsOnlyKeys(seen);
                });
            }
        }
    }

    @Test
    void aSecondRunOverTheSameVeloxTrainsTheNextVersionAndSaysThatItKnowsTheUsers() throws IOException {
        try (FakeVelox velox = new FakeVelox()) {
            run(velox);
            Outcome second = run(velox);

            assertThat(second.status).isZero();
            assertThat(second.report().get("version").asInt()).isEqualTo(2);
            assertThat(second.report().get("resumed").asBoolean()).isTrue();
            assertThat(second.text).contains("has been used before");
        }
    }

    @Test
    void aFailedTrainingEndsTheDemoWithItsReason() throws IOException {
        try (FakeVelox velox = new FakeVelox()) {
            velox.failTrainings("no space left on device");
            Outcome outcome = run(velox);

            assertThat(outcome.status).isEqualTo(1);
            assertThat(outcome.lastLine()).contains("training of version 1", "no space left on device");
        }
    }

    private Outcome run(FakeVelox velox) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DemoOptions options = new DemoOptions(DemoOptions.SYNTHETIC, Optional.empty(), cache, 0.003, 42);
        int status = Demo.run(options, velox.api(), "file", new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return new Outcome(status, bytes.toString(StandardCharsets.UTF_8));
    }

    private record Outcome(int status, String text) {
        String lastLine() {
            List<String> lines = text.lines().toList();
            return lines.get(lines.size() - 1);
        }

        JsonNode report() throws IOException {
            return new JsonMapper().readTree(lastLine());
        }
    }
}
