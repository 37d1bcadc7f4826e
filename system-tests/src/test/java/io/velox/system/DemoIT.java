package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, as a newcomer runs it. */
class DemoIT {
    @TempDir
    Path folder;

    @Test
    void theDemoEndsWithALineOfJsonInWhichLearningPays() throws Exception {
        boolean real = Repository.dataSet("ml-latest-small.zip").isPresent();
        List<String> command = new ArrayList<>(VeloxProcess.java(
                "demo",
                "--dataset",
                real ? "ml-latest-small" : "synthetic",
                "--data-dir",
                folder.resolve("data").toString(),
                "--exit"));
        Path output = folder.resolve("demo.out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("demo.err").toFile()));
        builder.environment().put("VELOX_HOME", Repository.home().toString());
        builder.environment().put("VELOX_SERVING_PORT", "0");
        builder.environment().put("VELOX_SERVING_MANAGEMENT_PORT", "0");
        Process demo = builder.start();
        try {
            assertThat(demo.waitFor(10, TimeUnit.MINUTES)).as("the demo ends").isTrue();
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(demo.exitValue()).as(String.join("\n", lines) + error()).isZero();
        JsonNode result = Api.JSON.readTree(lines.get(lines.size() - 1));
        for (String key : List.of(
                "dataset",
                "store",
                "ratings",
                "users",
                "items",
                "version",
                "importSeconds",
                "trainSeconds",
                "rebaseSeconds")) {
            assertThat(result.has(key)).as(key).isTrue();
        }
        double prior = result.at("/rmse/prior").asDouble();
        double offline = result.at("/rmse/offline").asDouble();
        double online = result.at("/rmse/online").asDouble();
        assertThat(online).isPositive().isLessThan(offline);
        assertThat(offline).isLessThan(prior);
        assertThat(result.at("/observeToVisibleMs/p50").asDouble()).isPositive();
        assertThat(result.at("/observeToVisibleMs/p99").asDouble()).isPositive();
        assertThat(result.at("/topkMs/p50").asDouble()).isPositive();
        assertThat(result.at("/topkMs/p99").asDouble()).isPositive();
        assertThat(result.get("topkBefore")).isNotEmpty().isNotEqualTo(result.get("topkAfter"));
        if (real) {
            assertThat(result.get("ratings").asInt()).isEqualTo(100_836);
            assertThat(result.get("users").asInt()).isEqualTo(610);
        }
    }

    private String error() throws IOException {
        return "\n" + Files.readString(folder.resolve("demo.err"));
    }
}
