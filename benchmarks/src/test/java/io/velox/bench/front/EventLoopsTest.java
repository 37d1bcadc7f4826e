package io.velox.bench.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code velox event-loops} and the threads of this process. */
class EventLoopsTest {
    private static final String VELOX = "../scripts/velox";
    private static final String ROUND_ROBIN = "2";
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void eventLoopsAndNothingElseGoFirstUntilTheyNoLongerDo() throws IOException {
        assumeTrue(Cores.mayGoFirst(), "needs root");
        Context loop = vertx.getOrCreateContext();
        assertThat(threadStartedOn(loop)).isNotEqualTo(ROUND_ROBIN);
        assertThat(goingFirst()).isZero();

        String said = Cores.run(List.of(VELOX, "event-loops", "first", SELF));
        assertThat(goingFirst()).isPositive().isEqualTo(Long.parseLong(said.substring(0, said.indexOf(' '))));
        assertThat(threadStartedOn(loop)).isNotEqualTo(ROUND_ROBIN);

        Cores.run(List.of(VELOX, "event-loops", "as-others", SELF));
        assertThat(goingFirst()).isZero();
    }

    /** The policy of a thread that an event loop starts. */
    private static String threadStartedOn(Context loop) {
        CompletableFuture<String> policy = new CompletableFuture<>();
        loop.runOnContext(
                nothing -> new Thread(() -> policy.complete(policy(Path.of("/proc/thread-self/stat")))).start());
        return policy.join();
    }

    /** How many threads of this process have a real-time priority. */
    private static long goingFirst() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                count += policy(thread.resolve("stat")).equals(ROUND_ROBIN) ? 1 : 0;
            }
        }
        return count;
    }

    /** Of a thread; empty once that has ended. Source: proc(5), field 41 of stat, after the name in parentheses, which is field 2. */
    private static String policy(Path stat) {
        try {
            String line = Files.readString(stat);
            return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[41 - 3];
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void whatIsNoNodeIsRefused() {
        assertThatThrownBy(() -> Cores.run(List.of(VELOX, "event-loops", "first", "1")))
                .hasMessageEndingWith(
                        "process 1 has no event loops; PID is that of a serving node's java on this machine");
        assertThatThrownBy(() -> Cores.run(List.of(VELOX, "event-loops", "second", SELF)))
                .hasMessageEndingWith(
                        "usage: velox event-loops first|as-others PID, of a serving node on this machine");
    }
}
