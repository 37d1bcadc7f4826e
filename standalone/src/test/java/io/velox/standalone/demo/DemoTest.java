package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.velox.client.ratings.RatingOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
            "importedRatings",
            "importSeconds",
            "importPerSecond",
            "trainSeconds",
            "rebaseSeconds",
            "liveRatings",
            "liveSeconds",
            "livePerSecond",
            "rmse",
            "observeToVisibleMs",
            "topkMs",
            "topkBefore",
            "topkAfter");

    private static final double SCALE = 0.0015;

    @TempDir
    private static Path cache;

    private static FakeVelox velox;
    private static Outcome first;
    private static Outcome second;

    @BeforeAll
    static void runTwice() throws IOException {
        velox = new FakeVelox();
        first = run(velox);
        second = run(velox);
    }

    @AfterAll
    static void stop() {
        velox.close();
    }

    @Test
    void theLastLineIsTheReport() throws IOException {
        assertThat(first.status).isZero();
        JsonNode report = first.report();
        assertThat(report.fieldNames()).toIterable().startsWith(KEYS.toArray(String[]::new));
        assertThat(report.get("dataset").asText()).isEqualTo("synthetic");
        assertThat(report.get("store").asText()).isEqualTo("file");
        assertThat(report.get("users").asInt()).isEqualTo(105);
        assertThat(report.get("ratings").asInt()).isEqualTo(15_000);
        assertThat(report.get("version").asInt()).isEqualTo(1);
        assertThat(report.get("importedRatings").asInt()
                        + report.get("liveRatings").asInt())
                .isEqualTo(15_000
                        - report.get("testRatings").asInt()
                        - report.get("unknownItems").asInt());
        assertThat(report.get("testShare").asDouble()).isEqualTo(1);
        assertThat(report.at("/observeToVisibleMs/p99").asDouble())
                .isGreaterThanOrEqualTo(report.at("/observeToVisibleMs/p50").asDouble());
        assertThat(report.get("resumed").asBoolean()).isFalse();
    }

    @Test
    void observingImprovesOnTheOfflineErrorAndThatOnThePrior() throws IOException {
        JsonNode rmse = first.report().get("rmse");

        assertThat(rmse.get("prior").asDouble())
                .isGreaterThan(rmse.get("offline").asDouble());
        assertThat(rmse.get("offline").asDouble())
                .isGreaterThan(rmse.get("online").asDouble());
    }

    @Test
    void aVisitorsListChangesWithTheFirstRatings() throws IOException {
        assertThat(first.report().get("topkBefore")).hasSize(10);
        assertThat(first.report().get("topkAfter"))
                .hasSize(10)
                .isNotEqualTo(first.report().get("topkBefore"));
    }

    @Test
    void everyRatingButTheTestOnesReachesVelox() {
        try (Stream<UserRatings> users = new SyntheticDataSet(SCALE, 42).users()) {
            users.map(new Split(42)::of).forEach(parts -> {
                List<String> seen = Stream.concat(parts.imported().stream(), parts.live().stream())
                        .map(Rating::item)
                        .toList();
                assertThat(velox.history(parts.uid())).containsOnlyKeys(seen);
            });
        }
    }

    @Test
    void aSecondRunOverTheSameVeloxTrainsTheNextVersionAndSaysThatItKnowsTheUsers() throws IOException {
        assertThat(second.status).isZero();
        assertThat(second.report().get("version").asInt()).isEqualTo(2);
        assertThat(second.report().get("resumed").asBoolean()).isTrue();
        assertThat(second.text).contains("has been used before");
    }

    @Test
    void aFailedTrainingEndsTheDemoWithItsReason() throws IOException {
        try (FakeVelox broken = new FakeVelox()) {
            broken.failTrainings("no space left on device");
            Outcome outcome = run(broken);

            assertThat(outcome.status).isEqualTo(1);
            assertThat(outcome.lastLine()).contains("training of version 1", "no space left on device");
        }
    }

    private static Outcome run(FakeVelox velox) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DemoOptions options =
                new DemoOptions(DemoOptions.SYNTHETIC, Optional.empty(), RatingOptions.none(), cache, SCALE, 42);
        int status = Demo.of(options, new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .run(velox.api(), true, "file");
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
