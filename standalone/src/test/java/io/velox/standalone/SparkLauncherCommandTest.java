package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkLauncherCommandTest {
    @TempDir
    private Path home;

    @Test
    void theCommandEndsWithTheApplicationsJar() throws IOException {
        Path lib = Files.createDirectories(home.resolve("spark-retrain/target/lib"));
        Path application = Files.createFile(lib.resolve("velox-spark-retrain-1.jar"));

        List<String> command = SparkLauncherCommand.of(
                new Installation(home), ConfigurationReader.defaults().retrain(), home.resolve("scratch"));

        assertThat(command)
                .containsSubsequence(Installation.java(), "-Xmx2048m")
                .endsWith(application.toString());
        assertThat(command)
                .containsSubsequence("-cp", lib + "/*", "org.apache.spark.deploy.SparkSubmit", "--master", "local[2]")
                .containsSubsequence("--class", "io.velox.retrain.RetrainApplication")
                .contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "spark.driver.host=127.0.0.1");
    }

    @Test
    void trainingGivesWayWhereTheSystemHasAWayToSaySo() throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        assertThat(SparkLauncherCommand.politely(bin + ":/does/not/exist:")).isEmpty();
        Path nice = Files.createFile(bin.resolve("nice"));
        assertThat(nice.toFile().setExecutable(true)).isTrue();
        assertThat(SparkLauncherCommand.politely("/does/not/exist:" + bin))
                .containsExactly(nice.toString(), "-n", "10");
    }

    @Test
    void jarsThatAreNotBuiltAreAskedFor() {
        assertThatThrownBy(() -> new Installation(home).retrainJars())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("is missing; build Velox first");
    }
}
