package io.velox.bench.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");
    private static final String STATUS = "/proc/self/status";

    @Test
    void theServerHasItsOwnCoreWhenItIsStartedByAGeneratorThatIsHeldToAnother() throws IOException {
        assumeTrue(Files.exists(Path.of(STATUS)), "needs Linux");
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two cores");
        String before = allowed(List.of("cat", STATUS));

        try (Cores.Hold hold = Cores.holdGenerator()) {
            assertThat(allowed(List.of("cat", STATUS))).isEqualTo("1");
            assertThat(allowed(Cores.onServerCore(List.of("cat", STATUS)))).isEqualTo("0");
        }

        assertThat(allowed(List.of("cat", STATUS))).isEqualTo(before);
    }

    /** The cores that a command, which prints its status, may run on. */
    private static String allowed(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        Matcher allowed = ALLOWED.matcher(new String(process.getInputStream().readAllBytes(), UTF_8));
        assertThat(allowed.find()).isTrue();
        return allowed.group(1);
    }
}
