package io.velox.bench.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code velox event-loops} and the threads of this process. */
class EventLoopsTest {
    private static final String VELOX = "../scripts/velox";
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void eventLoopsAndNothingElseGoFirstUntilTheyNoLongerDo() {
        assumeTrue(Cores.mayGoFirst(), "needs root");
        CompletableFuture<Void> isRunning = new CompletableFuture<>();
        vertx.runOnContext(nothing -> isRunning.complete(null));
        isRunning.join();
        assertThat(goingFirst()).isZero();

        String said = Cores.run(List.of(VELOX, "event-loops", "first", SELF));
        assertThat(goingFirst()).isPositive().isEqualTo(Long.parseLong(said.substring(0, said.indexOf(' '))));

        Cores.run(List.of(VELOX, "event-loops", "as-others", SELF));
        assertThat(goingFirst()).isZero();
    }

    /** How many threads of this process have a real-time priority. */
    private static long goingFirst() {
        return Cores.run(List.of("chrt", "--all-tasks", "--pid", SELF))
                .lines()
                .filter(line -> line.endsWith("SCHED_RR"))
                .count();
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
