package io.velox.serving.users;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The job's state as a test sets it. A query answers at once with what the state is now, or, while {@link #hold} holds, when the test
 * says so, with what the state was when it was asked.
 */
final class FakeState implements UserModelReader {
    private final Map<String, UserModel> models = new HashMap<>();
    private final Map<String, List<HistoryEntry>> histories = new HashMap<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final Deque<Runnable> beforeHistory = new ArrayDeque<>();
    final List<String> queries = new ArrayList<>();
    boolean isHolding;
    boolean isDown;

    void put(UserModel model) {
        models.put(model.uid(), model);
    }

    void putHistory(String uid, List<HistoryEntry> history) {
        histories.put(uid, history);
    }

    void hold() {
        isHolding = true;
    }

    /** Answers the oldest query that is held. */
    void release() {
        held.remove().run();
    }

    int heldQueries() {
        return held.size();
    }

    /** Does something just before the next history is read. */
    void beforeNextHistory(Runnable action) {
        beforeHistory.add(action);
    }

    @Override
    public CompletableFuture<Optional<UserModel>> userModel(String uid) {
        queries.add(uid);
        Optional<UserModel> now = Optional.ofNullable(models.get(uid));
        return answer(() -> now);
    }

    @Override
    public CompletableFuture<List<HistoryEntry>> history(String uid) {
        if (!beforeHistory.isEmpty()) {
            beforeHistory.remove().run();
        }
        List<HistoryEntry> now = histories.getOrDefault(uid, List.of());
        return answer(() -> now);
    }

    private <T> CompletableFuture<T> answer(Supplier<T> value) {
        CompletableFuture<T> future = new CompletableFuture<>();
        boolean fails = isDown;
        Runnable completion = () -> {
            if (fails) {
                future.completeExceptionally(new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job is gone"));
            } else {
                future.complete(value.get());
            }
        };
        if (isHolding) {
            held.add(completion);
        } else {
            completion.run();
        }
        return future;
    }

    @Override
    public void close() {}
}
