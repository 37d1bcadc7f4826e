package io.velox.serving.users;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A reader of state that is not asked while it is known to fail, so that a job that is gone costs a request nothing. */
final class CircuitBreakingReader implements UserModelReader {
    private final UserModelReader reader;
    private final CircuitBreaker breaker;

    CircuitBreakingReader(UserModelReader reader, CircuitBreaker breaker) {
        this.reader = reader;
        this.breaker = breaker;
    }

    @Override
    public CompletableFuture<Optional<UserModel>> userModel(String uid) {
        return ask(() -> reader.userModel(uid));
    }

    @Override
    public CompletableFuture<List<HistoryEntry>> history(String uid) {
        return ask(() -> reader.history(uid));
    }

    private <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> query) {
        if (!breaker.tryAcquirePermission()) {
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.STATE_UNAVAILABLE, "the job's state does not answer, and is asked again in a moment"));
        }
        long start = breaker.getCurrentTimestamp();
        CompletableFuture<T> answer;
        try {
            answer = query.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.whenComplete((value, error) -> {
            long duration = breaker.getCurrentTimestamp() - start;
            if (error == null) {
                breaker.onSuccess(duration, breaker.getTimestampUnit());
            } else {
                breaker.onError(duration, breaker.getTimestampUnit(), error);
            }
        });
    }

    @Override
    public void close() {
        reader.close();
    }
}
