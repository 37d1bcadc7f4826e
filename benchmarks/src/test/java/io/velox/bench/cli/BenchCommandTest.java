package io.velox.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        assertThat(run("sleep")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString())
                .contains(
                        "'sleep'",
                        "import",
                        "learn",
                        "memory",
                        "soak",
                        "swap",
                        "polish",
                        "refresh",
                        "drift",
                        "cold-users",
                        "explore");
    }

    @Test
    void anUnknownDatasetIsRefused() {
        assertThat(run("import", "--dataset", "ml-10m")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--dataset", "synthetic", "'ml-10m'");
    }

    @Test
    void aSoakOfNoTimeIsRefused() {
        assertThat(run("soak", "--minutes", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--minutes");
    }

    @Test
    void aSyntheticSetOfNoSizeIsRefused() {
        assertThat(run("polish", "--synthetic-scale", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--synthetic-scale", "0.001");
    }

    private int run(String... arguments) {
        return new CommandLine(new BenchCommand())
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
