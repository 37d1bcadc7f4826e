package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir
    private Path folder;

    @Test
    void aProcessLeftBehindIsEndedByItsPidFile() throws Exception {
        ChildProcess left = sleeper("-Dmark=" + folder);
        ChildProcess.endLeftOver("sleeper", pidFile(), "-Dmark=" + folder);
        assertThat(left.exit().get(20, TimeUnit.SECONDS)).isNotZero();
        assertThat(pidFile()).doesNotExist();
    }

    @Test
    void aProcessThatOnlyHasTheSamePidIsLeftAlone() throws Exception {
        try (ChildProcess other = sleeper("-Dmark=" + folder + "/other")) {
            ChildProcess.endLeftOver("sleeper", pidFile(), "-Dmark=" + folder);
            assertThat(other.isAlive()).isTrue();
            assertThat(pidFile()).doesNotExist();
        }
    }

    @Test
    void aPidFileOfNobodyIsRemoved() throws Exception {
        Files.writeString(pidFile(), "not a number");
        ChildProcess.endLeftOver("sleeper", pidFile(), "anything");
        assertThat(pidFile()).doesNotExist();
    }

    @Test
    void closingEndsTheProcess() throws Exception {
        ChildProcess process = sleeper("-Dmark=" + folder);
        process.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(pidFile()).doesNotExist();
    }

    /** The argument stands in the command line and means nothing to the shell's command. */
    private ChildProcess sleeper(String argument) throws Exception {
        return ChildProcess.start(
                "sleeper",
                List.of("/bin/sh", "-c", "while :; do sleep 0.1; done", "sh", argument),
                Map.of(),
                pidFile(),
                folder.resolve("out"));
    }

    private Path pidFile() {
        return folder.resolve("sleeper.pid");
    }
}
