package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop with a real Alluxio master and worker as the store: Spark writes factors to it, job and serving tier read them from it. */
class AlluxioLoopIT {
    private static final int RATINGS = 10_000;

    @TempDir
    Path folder;

    @Test
    void factorsWrittenBySparkAreServedThroughAlluxioAndSurviveAKillOfEverything() throws IOException {
        Path configuration = folder.resolve("velox.yaml");
        Files.writeString(configuration, """
                models:
                  als: {kind: als, rank: 8, regularization: 0.1, iterations: 5, item-bias: true, prior: gaussian}
                """);
        List<Rating> ratings = new ArrayList<>(Ratings.load(RATINGS));
        Map<String, Map<String, Double>> expected = Histories.of(List.of(ratings));
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "alluxio", configuration)) {
            Loop loop = new Loop(velox.api());
            loop.awaitApplied(loop.observe(ratings));
            assertThat(loop.retrain("als")).isEqualTo(1);
            loop.checkEveryUser("als", 1, expected);
            assertThat(velox.printed()).contains("alluxio://");
            velox.kill();
        }
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "alluxio", configuration)) {
            Loop loop = new Loop(velox.api());
            assertThat(loop.activeVersion("als")).contains(1);
            loop.checkEveryUser("als", 1, expected);
            assertThat(velox.stop()).isZero();
        }
    }
}
