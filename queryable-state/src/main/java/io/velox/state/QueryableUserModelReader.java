package io.velox.state;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads users' state with Flink's queryable state, through any of the job's query proxies: one that answers is kept, one that cannot
 * be reached gives way to the next.
 *
 * <p>Safe for use from any thread. Callbacks run on the client's network threads, or on the JVM's delay scheduler after a time-out:
 * they must not block.
 */
public final class QueryableUserModelReader implements UserModelReader {
    private static final Logger LOG = LoggerFactory.getLogger(QueryableUserModelReader.class);
    private static final long CLOSE_SECONDS = 5;

    private final List<QueryProxy> proxies;
    private final Supplier<Optional<String>> jobId;
    private final Duration timeout;
    private final AtomicInteger preferred = new AtomicInteger();

    /**
     * Creates the reader; connections are made by the first queries.
     *
     * @param proxies of the form host:port
     * @param jobId the Flink job's id in hexadecimal, asked at every query; empty while nobody knows it
     * @param timeout of a query, with all its attempts
     * @throws VeloxException {@code INVALID_CONFIGURATION} if a proxy is not host:port or its host has no address
     */
    public QueryableUserModelReader(List<String> proxies, Supplier<Optional<String>> jobId, Duration timeout) {
        if (proxies.isEmpty()) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_CONFIGURATION,
                    "queryable-state.proxies",
                    "queryable-state.proxies must name at least one host:port");
        }
        List<QueryProxy> opened = new ArrayList<>();
        try {
            proxies.forEach(proxy -> opened.add(QueryProxy.of(proxy)));
        } catch (VeloxException e) {
            closeAll(opened);
            throw e;
        }
        this.proxies = List.copyOf(opened);
        this.jobId = jobId;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<Optional<UserModel>> userModel(String uid) {
        return query(
                UserStateDescriptors.USER_MODEL,
                uid,
                UserStateDescriptors::userModel,
                Optional.empty(),
                (ValueState<UserModel> state) -> Optional.ofNullable(value(state)));
    }

    @Override
    public CompletableFuture<List<HistoryEntry>> history(String uid) {
        return query(
                UserStateDescriptors.USER_HISTORY,
                uid,
                UserStateDescriptors::userHistory,
                List.of(),
                (ListState<HistoryEntry> state) -> entries(state));
    }

    @Override
    public void close() {
        closeAll(proxies);
    }

    private static void closeAll(List<QueryProxy> proxies) {
        CompletableFuture<?>[] closing = proxies.stream().map(QueryProxy::close).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(closing).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A client of queryable state did not close cleanly: {}", e.toString());
        }
    }

    private <S extends State, V, R> CompletableFuture<R> query(
            String name,
            String uid,
            Supplier<? extends StateDescriptor<S, V>> descriptor,
            R whenUnknown,
            Function<S, R> value) {
        Optional<String> job = jobId.get();
        if (job.isEmpty()) {
            return CompletableFuture.failedFuture(new VeloxException(
                    ErrorCode.STATE_UNAVAILABLE,
                    "users' state cannot be read: the job has not reported yet; it may still be starting"));
        }
        JobID id = JobID.fromHexString(job.get());
        return attempt(id, name, uid, descriptor, proxies.size())
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((state, failure) -> {
                    if (failure == null) {
                        return value.apply(state);
                    }
                    Throwable cause = QueryFailure.rootOf(failure);
                    if (cause instanceof UnknownKeyOrNamespaceException) {
                        return whenUnknown;
                    }
                    throw cause instanceof TimeoutException
                            ? new VeloxException(
                                    ErrorCode.STATE_UNAVAILABLE,
                                    "users' state cannot be read: no answer within " + timeout.toMillis() + " ms",
                                    cause)
                            : QueryFailure.explain(cause);
                });
    }

    private <S extends State, V> CompletableFuture<S> attempt(
            JobID job,
            String name,
            String uid,
            Supplier<? extends StateDescriptor<S, V>> descriptor,
            int attemptsLeft) {
        int index = preferred.get();
        return proxies.get(index).query(job, name, uid, descriptor.get()).exceptionallyCompose(failure -> {
            if (attemptsLeft > 1 && QueryFailure.isOfProxy(QueryFailure.rootOf(failure))) {
                preferred.compareAndSet(index, (index + 1) % proxies.size());
                return attempt(job, name, uid, descriptor, attemptsLeft - 1);
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    private static UserModel value(ValueState<UserModel> state) {
        try {
            return state.value();
        } catch (Exception e) {
            throw new VeloxException(ErrorCode.INTERNAL, "the user's model cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static List<HistoryEntry> entries(ListState<HistoryEntry> state) {
        List<HistoryEntry> entries = new ArrayList<>();
        try {
            state.get().forEach(entries::add);
        } catch (Exception e) {
            throw new VeloxException(ErrorCode.INTERNAL, "the user's history cannot be decoded: " + e.getMessage(), e);
        }
        return List.copyOf(entries);
    }
}
