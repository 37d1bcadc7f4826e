package io.velox.serving.users;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reads a user's model and history at one revision, though the job keeps and answers for them separately: model, history, and model
 * again, until both models are the same and the history fits them. The job writes the history first, so a history that is ahead of
 * its model shows by an offset or by its size. Who wants a user while that user is being read waits for that read.
 */
final class SnapshotReader {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final UserModelReader state;
    private final ScheduledExecutorService timers;
    private final Map<String, CompletableFuture<Optional<UserSnapshot>>> reading = new ConcurrentHashMap<>();

    SnapshotReader(UserModelReader state, ScheduledExecutorService timers) {
        this.state = state;
        this.timers = timers;
    }

    CompletableFuture<UserSnapshot> read(String uid, Optional<Revision> after, Duration timeout) {
        CompletableFuture<UserSnapshot> result = new CompletableFuture<>();
        ScheduledFuture<?> deadline = timers.schedule(
                () -> result.completeExceptionally(late(after, timeout)), timeout.toNanos(), TimeUnit.NANOSECONDS);
        attempt(uid, after, FIRST_PAUSE, result);
        return result.whenComplete((snapshot, error) -> deadline.cancel(false));
    }

    private void attempt(String uid, Optional<Revision> after, Duration pause, CompletableFuture<UserSnapshot> result) {
        var unused = readOnce(uid).whenComplete((read, error) -> {
            if (error != null) {
                result.completeExceptionally(unavailable(error));
                return;
            }
            Optional<UserSnapshot> snapshot = read.filter(s -> hasReached(s, after));
            if (snapshot.isPresent()) {
                result.complete(snapshot.get());
            } else if (!result.isDone()) {
                Duration next =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                var ignored =
                        timers.schedule(() -> attempt(uid, after, next, result), pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        });
    }

    /** One read of model, history and model, which all who ask meanwhile share; empty when they do not agree. */
    private CompletableFuture<Optional<UserSnapshot>> readOnce(String uid) {
        CompletableFuture<Optional<UserSnapshot>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<UserSnapshot>> underWay = reading.putIfAbsent(uid, mine);
        if (underWay != null) {
            return underWay;
        }
        var unused = state.userModel(uid)
                .thenCompose(before -> state.history(uid)
                        .thenCompose(history -> state.userModel(uid).thenApply(then -> agreed(before, history, then))))
                .whenComplete((snapshot, error) -> {
                    reading.remove(uid);
                    if (error == null) {
                        mine.complete(snapshot);
                    } else {
                        mine.completeExceptionally(error);
                    }
                });
        return mine;
    }

    private static Optional<UserSnapshot> agreed(
            Optional<UserModel> before, List<HistoryEntry> history, Optional<UserModel> then) {
        if (!before.map(UserModel::revision).equals(then.map(UserModel::revision))) {
            return Optional.empty();
        }
        int size = then.map(UserModel::historySize).orElse(0);
        long last = then.map(model -> model.revision().offset()).orElse(-1L);
        boolean fits = history.size() == size && history.stream().allMatch(entry -> entry.offset() <= last);
        return fits ? Optional.of(new UserSnapshot(then, history)) : Optional.empty();
    }

    private static boolean hasReached(UserSnapshot snapshot, Optional<Revision> after) {
        return after.isEmpty()
                || snapshot.model()
                        .filter(model -> ReceiptWaiters.isSatisfied(after.get(), model))
                        .isPresent();
    }

    private static VeloxException late(Optional<Revision> after, Duration timeout) {
        return after.isPresent()
                ? new VeloxException(
                        ErrorCode.RECEIPT_TIMEOUT,
                        "the observation of receipt " + after.get() + " was not learnt within " + timeout.toMillis()
                                + " ms; retry, or read without it")
                : new VeloxException(
                        ErrorCode.STATE_UNAVAILABLE,
                        "the user's state could not be read within " + timeout.toMillis() + " ms; retry");
    }

    private static Throwable unavailable(Throwable error) {
        Throwable cause = error.getCause() != null && !(error instanceof VeloxException) ? error.getCause() : error;
        return cause instanceof VeloxException
                ? cause
                : new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the user's state cannot be read: " + cause, cause);
    }
}
