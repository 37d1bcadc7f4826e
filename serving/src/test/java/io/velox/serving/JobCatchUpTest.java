package io.velox.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobCatchUpTest {
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, UserModel> state = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        timers.shutdownNow();
    }

    @Test
    void anEmptyLogIsCaughtUpWith() {
        assertThat(catchUp(Map.of(), Duration.ofMinutes(1)).trouble()).isEmpty();
    }

    @Test
    void theLastRecordOfEveryPartitionMustBeApplied() {
        JobCatchUp catchUp =
                catchUp(Map.of("a", new Revision(0, 0, 7), "b", new Revision(0, 1, 3)), Duration.ofMinutes(1));
        assertThat(catchUp.trouble()).isPresent();
        applied("a", new Revision(0, 0, 8));
        applied("b", new Revision(0, 1, 2));
        Eventually.await(
                "caught up",
                () -> catchUp.trouble().filter(text -> !text.contains("0:0:7")).isPresent());
        assertThat(catchUp.trouble().orElseThrow()).contains("0:1:3");
        applied("b", new Revision(0, 1, 3));
        Eventually.await("caught up", () -> catchUp.trouble().isEmpty());
    }

    @Test
    void aRecordThatIsNeverAppliedIsNotWaitedForForEver() {
        JobCatchUp catchUp = catchUp(Map.of("a", new Revision(0, 0, 7)), Duration.ofMillis(300));
        Eventually.await("caught up", () -> catchUp.trouble().isEmpty());
    }

    private JobCatchUp catchUp(Map<String, Revision> last, Duration patience) {
        UserModelReader reader = new UserModelReader() {
            @Override
            public CompletableFuture<Optional<UserModel>> userModel(String uid) {
                return CompletableFuture.completedFuture(Optional.ofNullable(state.get(uid)));
            }

            @Override
            public CompletableFuture<List<HistoryEntry>> history(String uid) {
                return CompletableFuture.completedFuture(List.of());
            }

            @Override
            public void close() {}
        };
        return new JobCatchUp(last, reader, timers, patience).start();
    }

    private void applied(String uid, Revision revision) {
        state.put(uid, new UserModel(uid, revision, 1, false, List.of()));
    }
}
