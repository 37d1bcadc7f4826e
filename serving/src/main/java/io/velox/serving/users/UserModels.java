package io.velox.serving.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserUpdate;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import io.velox.serving.log.UserPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * User models in memory: a bounded cache over the job's state, kept fresh by the feed of updates.
 *
 * <p>A copy is only ever replaced by one of a higher revision. The feed reaches copies that are cached and loads that are in flight
 * alike: a load registers before it asks, and the job writes its state before it publishes an update, so an update that found neither
 * copy nor load is in what the load reads. Hence "no such user" can be cached like any other answer. Misses of one user at one time
 * are one query.
 *
 * <p>Safe for use from any thread; nothing blocks.
 */
public final class UserModels implements Users, UserFeed.Listener {
    private static final int MAX_WAITING_READS = 100_000;
    private static final Duration FEED_HEAD_START = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

    private final Cache<String, Optional<UserModel>> cache;
    private final Map<String, Load> loads = new ConcurrentHashMap<>();
    private final AtomicInteger gaps = new AtomicInteger();
    private final LongAdder loaded = new LongAdder();
    private final LongAdder loadNanos = new LongAdder();
    private final ReceiptWaiters waiters;
    private final UserModelReader state;
    private final UserPartitions partitions;
    private final ScheduledExecutorService timers;
    private final SnapshotReader snapshots;

    /** @param timers runs deadlines, and the callbacks of reads that waited */
    public UserModels(
            UserModelReader reader,
            CircuitBreaker breaker,
            UserPartitions partitions,
            int maxEntries,
            ScheduledExecutorService timers) {
        this.cache = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .executor(Runnable::run)
                .recordStats()
                .build();
        this.waiters = new ReceiptWaiters(MAX_WAITING_READS, timers);
        this.state = new CircuitBreakingReader(reader, breaker);
        this.partitions = partitions;
        this.timers = timers;
        this.snapshots = new SnapshotReader(state, timers);
    }

    /** A query under way, and the newest that is known of its user; guarded by the map's lock on its key. */
    private static final class Load {
        private final CompletableFuture<Optional<UserModel>> result = new CompletableFuture<>();
        private final int gaps;
        private Optional<UserModel> newest = Optional.empty();

        private Load(int gaps) {
            this.gaps = gaps;
        }
    }

    /** Publishes hits, misses and size of the cache, the queries of the job and their time, and the number of waiting reads. */
    public void bindTo(MeterRegistry registry) {
        CaffeineCacheMetrics.monitor(registry, cache, "user-models");
        FunctionTimer.builder(
                        "velox.user.loads",
                        this,
                        users -> users.loaded.sum(),
                        users -> users.loadNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("queries of the job for users who were not in the cache, failed ones too")
                .register(registry);
        Gauge.builder("velox.receipts.waiting", waiters, ReceiptWaiters::size).register(registry);
    }

    @Override
    public CompletableFuture<UserView> find(String uid, Optional<Revision> after, Duration timeout) {
        try {
            after.ifPresent(receipt -> partitions.checkReceipt(uid, receipt));
            Optional<UserModel> cached = cache.getIfPresent(uid);
            if (cached != null && hasReached(cached, after)) {
                return CompletableFuture.completedFuture(new UserView(cached, Optional.empty()));
            }
            return after.isPresent()
                    ? await(uid, after.get(), timeout, cached == null ? Duration.ZERO : FEED_HEAD_START)
                            .thenApply(model -> new UserView(Optional.of(model), Optional.empty()))
                    : load(uid)
                            .thenApply(model -> new UserView(model, Optional.empty()))
                            .exceptionally(UserModels::degraded);
        } catch (VeloxException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<UserSnapshot> snapshot(String uid, Optional<Revision> after, Duration timeout) {
        try {
            after.ifPresent(receipt -> partitions.checkReceipt(uid, receipt));
            return snapshots.read(uid, after, timeout);
        } catch (VeloxException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Some of the cached models of known users, each as likely as any other; O(cached users), so not for an event loop. */
    public List<UserModel> sample(int size, RandomGenerator random) {
        List<UserModel> sample = new ArrayList<>(size);
        int seen = 0;
        for (Optional<UserModel> cached : cache.asMap().values()) {
            if (cached.isPresent() && size > 0) {
                int place = random.nextInt(++seen);
                if (sample.size() < size) {
                    sample.add(cached.get());
                } else if (place < size) {
                    sample.set(place, cached.get());
                }
            }
        }
        return sample;
    }

    @Override
    public void update(UserUpdate update) {
        UserModel model = update.model();
        Optional<UserModel> brought = Optional.of(model);
        // Loads first: a load that ends in between leaves a cached copy, which comes next.
        loads.computeIfPresent(model.uid(), (uid, load) -> {
            load.newest = newer(load.newest, brought);
            return load;
        });
        if (waiters.isAwaited(model.uid())) {
            cache.asMap().merge(model.uid(), brought, UserModels::newer);
        } else {
            cache.asMap().computeIfPresent(model.uid(), (uid, old) -> newer(old, brought));
        }
        waiters.offer(model);
    }

    /** Forgets every copy; what loads in flight bring is not kept. */
    @Override
    public void gap() {
        gaps.incrementAndGet();
        cache.invalidateAll();
    }

    private CompletableFuture<Optional<UserModel>> load(String uid) {
        Load load = new Load(gaps.get());
        Load running = loads.putIfAbsent(uid, load);
        if (running != null) {
            return running.result;
        }
        long start = System.nanoTime();
        var unused = state.userModel(uid).whenComplete((found, error) -> {
            loaded.increment();
            loadNanos.add(System.nanoTime() - start);
            finish(uid, load, error == null ? found : Optional.empty(), error);
        });
        return load.result;
    }

    private void finish(String uid, Load load, Optional<UserModel> found, @Nullable Throwable error) {
        loads.computeIfPresent(uid, (key, running) -> {
            load.newest = newer(load.newest, found);
            if (error == null || load.newest.isPresent()) {
                load.newest = keep(uid, load);
            }
            return null;
        });
        load.newest.ifPresent(waiters::offer);
        if (error == null || load.newest.isPresent()) {
            load.result.complete(load.newest);
        } else {
            load.result.completeExceptionally(error);
        }
    }

    private Optional<UserModel> keep(String uid, Load load) {
        Optional<UserModel> newest = cache.asMap().merge(uid, load.newest, UserModels::newer);
        if (load.gaps != gaps.get()) {
            cache.invalidate(uid);
        }
        return newest;
    }

    /**
     * Waits for the feed, and asks the state too: at once for a user who is not cached, in a moment for one whom the feed is about to
     * bring up to date.
     */
    private CompletableFuture<UserModel> await(String uid, Revision receipt, Duration timeout, Duration firstPause) {
        ReceiptWaiters.Waiter waiter = waiters.register(uid, receipt);
        // The feed may have passed between the look at the cache and the registration.
        Optional<UserModel> cached = cache.policy().getIfPresentQuietly(uid);
        if (cached != null) {
            cached.ifPresent(waiters::offer);
        }
        ScheduledFuture<?> deadline = timers.schedule(
                () -> waiter.fail(new VeloxException(
                        ErrorCode.RECEIPT_TIMEOUT,
                        "the observation of receipt " + receipt + " was not learnt within " + timeout.toMillis()
                                + " ms; retry, or read without it")),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        askUntilReached(uid, waiter, firstPause);
        return waiter.model().whenComplete((model, error) -> deadline.cancel(false));
    }

    private void askUntilReached(String uid, ReceiptWaiters.Waiter waiter, Duration pause) {
        if (!waiter.isWaiting()) {
            return;
        }
        if (pause.isZero()) {
            var unused = load(uid).whenComplete((model, error) -> askUntilReached(uid, waiter, FEED_HEAD_START));
            return;
        }
        Duration next = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        var unused = timers.schedule(
                () -> {
                    if (waiter.isWaiting()) {
                        var ignored = load(uid).whenComplete((model, error) -> askUntilReached(uid, waiter, next));
                    }
                },
                pause.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static UserView degraded(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        String reason = cause instanceof VeloxException ? String.valueOf(cause.getMessage()) : cause.toString();
        return new UserView(Optional.empty(), Optional.of("the user's state cannot be read: " + reason));
    }

    private static boolean hasReached(Optional<UserModel> model, Optional<Revision> after) {
        return after.isEmpty() || (model.isPresent() && ReceiptWaiters.isSatisfied(after.get(), model.get()));
    }

    /** The one of the higher revision; the first of two equals. */
    private static Optional<UserModel> newer(Optional<UserModel> a, Optional<UserModel> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        Revision ra = a.get().revision();
        Revision rb = b.get().revision();
        boolean isHigher = ra.epoch() == rb.epoch() ? rb.offset() > ra.offset() : rb.epoch() > ra.epoch();
        return isHigher ? b : a;
    }
}
