package io.velox.serving.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserUpdate;
import io.velox.core.model.Item;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.ManualScheduler;
import io.velox.serving.log.UserPartitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class UserModelsTest {
    private static final UserPartitions PARTITIONS = new UserPartitions(0, 4);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Optional<Revision> NONE = Optional.empty();

    private final FakeState state = new FakeState();
    private final ManualScheduler timers = new ManualScheduler();
    private final UserModels users = users(1_000, c -> c.minimumNumberOfCalls(1_000));

    private UserModels users(int entries, UnaryOperator<CircuitBreakerConfig.Builder> breaker) {
        return new UserModels(
                state,
                CircuitBreaker.of(
                        "test", breaker.apply(CircuitBreakerConfig.custom()).build()),
                PARTITIONS,
                entries,
                timers);
    }

    private static Revision at(String uid, long offset) {
        return new Revision(0, PARTITIONS.of(uid), offset);
    }

    private static UserModel model(String uid, long offset) {
        return new UserModel(uid, at(uid, offset), 0, false, List.of());
    }

    private static UserUpdate update(String uid, long offset) {
        return new UserUpdate(model(uid, offset), null, null);
    }

    private CompletableFuture<UserView> find(String uid) {
        return users.find(uid, NONE, SECOND);
    }

    private CompletableFuture<UserView> findAfter(String uid, long offset) {
        return users.find(uid, Optional.of(at(uid, offset)), SECOND);
    }

    private static long offset(CompletableFuture<UserView> view) {
        return view.join().model().orElseThrow().revision().offset();
    }

    private static ErrorCode failure(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            return ((VeloxException) e.getCause()).code();
        }
        throw new AssertionError("should have failed");
    }

    @Test
    void missesOfOneUserAtOneTimeAreOneQuery() {
        state.put(model("u", 5));
        state.hold();
        CompletableFuture<UserView> first = find("u");
        CompletableFuture<UserView> second = find("u");
        assertThat(first).isNotDone();
        state.release();
        assertThat(offset(first)).isEqualTo(5);
        assertThat(offset(second)).isEqualTo(5);
        assertThat(state.queries).containsExactly("u");
    }

    @Test
    void aCachedCopyNeedsNoQuery() {
        state.put(model("u", 5));
        find("u").join();
        assertThat(offset(find("u"))).isEqualTo(5);
        assertThat(state.queries).hasSize(1);
    }

    @Test
    void theFeedReplacesACachedCopyOnlyByAHigherRevision() {
        state.put(model("u", 5));
        find("u").join();
        users.update(update("u", 7));
        assertThat(offset(find("u"))).isEqualTo(7);
        users.update(update("u", 6));
        assertThat(offset(find("u")))
                .as("re-delivered after a restart of the job")
                .isEqualTo(7);
    }

    @Test
    void aLoadThatReturnsOlderThanWhatTheFeedBroughtMeanwhileIsNotKept() {
        state.put(model("u", 5));
        state.hold();
        CompletableFuture<UserView> found = find("u");
        users.update(update("u", 6));
        state.release();
        assertThat(offset(found)).isEqualTo(6);
        assertThat(offset(find("u"))).isEqualTo(6);
    }

    @Test
    void aLoadThatReturnsNewerThanTheFeedIsKept() {
        state.put(model("u", 5));
        state.hold();
        CompletableFuture<UserView> found = find("u");
        users.update(update("u", 4));
        state.release();
        assertThat(offset(found)).isEqualTo(5);
    }

    @Test
    void aUserWhomNobodyReadsIsNotCachedByTheFeed() {
        users.update(update("u", 6));
        state.put(model("u", 6));
        assertThat(offset(find("u"))).isEqualTo(6);
        assertThat(state.queries).hasSize(1);
    }

    @Test
    void noSuchUserIsCachedUntilTheFeedBringsTheUser() {
        assertThat(find("u").join().model()).isEmpty();
        assertThat(find("u").join().model()).isEmpty();
        assertThat(state.queries).hasSize(1);
        users.update(update("u", 0));
        assertThat(offset(find("u"))).isZero();
    }

    @Test
    void noSuchUserIsNotKeptWhenTheFeedBroughtTheUserMeanwhile() {
        state.hold();
        CompletableFuture<UserView> found = find("u");
        users.update(update("u", 0));
        state.release();
        assertThat(offset(found)).isZero();
        assertThat(offset(find("u"))).isZero();
    }

    @Test
    void evictedUsersAreAskedForAgain() {
        UserModels small = users(1, c -> c);
        for (String uid : List.of("a", "b", "c", "a", "b", "c")) {
            state.put(model(uid, 1));
            assertThat(small.find(uid, NONE, SECOND).join().model()).isPresent();
        }
        assertThat(state.queries).hasSizeGreaterThan(3);
    }

    @Test
    void aReceiptIsSatisfiedByTheCache() {
        state.put(model("u", 5));
        find("u").join();
        assertThat(offset(findAfter("u", 5))).isEqualTo(5);
        assertThat(state.queries).hasSize(1);
    }

    @Test
    void aReceiptIsSatisfiedByTheFeedWithoutAQueryWhenTheUserIsCached() {
        state.put(model("u", 5));
        find("u").join();
        CompletableFuture<UserView> found = findAfter("u", 6);
        assertThat(found).isNotDone();
        users.update(update("u", 6));
        assertThat(offset(found)).isEqualTo(6);
        timers.advance(SECOND);
        assertThat(state.queries).hasSize(1);
        assertThat(timers.waiting()).as("the deadline is cancelled").isZero();
    }

    @Test
    void aReceiptOfAUserWhoIsNotCachedIsSatisfiedByTheState() {
        state.put(model("u", 6));
        assertThat(offset(findAfter("u", 6))).isEqualTo(6);
    }

    @Test
    void aReceiptIsSatisfiedByALaterQueryWhenTheFeedLags() {
        state.put(model("u", 5));
        CompletableFuture<UserView> found = findAfter("u", 6);
        assertThat(found).isNotDone();
        state.put(model("u", 6));
        timers.advance(Duration.ofMillis(500));
        assertThat(offset(found)).isEqualTo(6);
        assertThat(offset(find("u"))).isEqualTo(6);
    }

    @Test
    void aReceiptIsSatisfiedByTheFeedWhileALoadOfAnOlderCopyIsInFlight() {
        state.put(model("u", 5));
        state.hold();
        CompletableFuture<UserView> found = findAfter("u", 6);
        users.update(update("u", 6));
        assertThat(offset(found)).isEqualTo(6);
        state.release();
        assertThat(offset(find("u"))).isEqualTo(6);
    }

    @Test
    void aReceiptThatIsNotReachedFailsAtTheDeadlineAndNeverAnswersOlder() {
        state.put(model("u", 5));
        CompletableFuture<UserView> found = findAfter("u", 6);
        timers.advance(SECOND.minusMillis(1));
        assertThat(found).isNotDone();
        timers.advance(Duration.ofMillis(1));
        assertThat(failure(found)).isEqualTo(ErrorCode.RECEIPT_TIMEOUT);
        assertThat(state.queries).as("asked a few times").hasSizeBetween(3, 10);
        timers.advance(Duration.ofMinutes(1));
        assertThat(state.queries).as("and no more").hasSizeBetween(3, 10);
    }

    @Test
    void aReceiptOfAnotherPartitionOrEpochIsInvalid() {
        Revision elsewhere = new Revision(0, (PARTITIONS.of("u") + 1) % 4, 0);
        assertThat(failure(users.find("u", Optional.of(elsewhere), SECOND))).isEqualTo(ErrorCode.INVALID_RECEIPT);
        Revision older = new Revision(1, PARTITIONS.of("u"), 0);
        assertThat(failure(users.find("u", Optional.of(older), SECOND))).isEqualTo(ErrorCode.INVALID_RECEIPT);
        assertThat(failure(users.snapshot("u", Optional.of(older), SECOND))).isEqualTo(ErrorCode.INVALID_RECEIPT);
    }

    @Test
    void stateThatCannotBeReadGivesADegradedViewWhichIsNotCached() {
        state.isDown = true;
        UserView view = find("u").join();
        assertThat(view.model()).isEmpty();
        assertThat(view.degraded())
                .hasValueSatisfying(reason -> assertThat(reason).contains("the job is gone"));
        state.isDown = false;
        state.put(model("u", 5));
        assertThat(offset(find("u"))).isEqualTo(5);
    }

    @Test
    void theFeedMakesUpForStateThatCannotBeRead() {
        state.isDown = true;
        state.hold();
        CompletableFuture<UserView> found = find("u");
        users.update(update("u", 6));
        state.release();
        assertThat(offset(found)).isEqualTo(6);
        assertThat(found.join().degraded()).isEmpty();
    }

    @Test
    void aReceiptOutlastsStateThatCannotBeReadForAWhile() {
        state.isDown = true;
        CompletableFuture<UserView> found = findAfter("u", 6);
        timers.advance(Duration.ofMillis(300));
        state.isDown = false;
        state.put(model("u", 6));
        timers.advance(Duration.ofMillis(600));
        assertThat(offset(found)).isEqualTo(6);
    }

    @Test
    void stateThatKeepsFailingIsNotAskedForAWhile() {
        UserModels guarded = users(10, c -> c.slidingWindowSize(10).minimumNumberOfCalls(5));
        state.isDown = true;
        for (int i = 0; i < 100; i++) {
            assertThat(guarded.find("u" + i, NONE, SECOND).join().degraded()).isPresent();
        }
        assertThat(state.queries).hasSize(5);
    }

    @Test
    void aGapInTheFeedForgetsCopiesAndWhatLoadsInFlightBring() {
        state.put(model("a", 1));
        state.put(model("b", 1));
        find("a").join();
        state.hold();
        CompletableFuture<UserView> loading = find("b");
        users.gap();
        state.release();
        assertThat(offset(loading)).isEqualTo(1);
        state.isHolding = false;
        state.put(model("a", 2));
        state.put(model("b", 2));
        assertThat(offset(find("a"))).isEqualTo(2);
        assertThat(offset(find("b"))).isEqualTo(2);
    }

    @Test
    void hitsAndMissesAreMetrics() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        users.bindTo(registry);
        find("u").join();
        find("u").join();
        assertThat(registry.get("cache.gets")
                        .tag("result", "hit")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cache.gets")
                        .tag("result", "miss")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void queriesOfTheJobAreAMetricHoweverManyWaitForOne() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        users.bindTo(registry);
        state.hold();
        var one = find("u");
        var other = find("u");
        assertThat(registry.get("velox.user.loads").functionTimer().count()).isZero();
        state.release();
        assertThat(registry.get("velox.user.loads").functionTimer().count()).isEqualTo(1);
        assertThat(CompletableFuture.allOf(one, other)).isCompleted();
        state.isDown = true;
        assertThat(find("v")).isNotDone();
        state.release();
        assertThat(registry.get("velox.user.loads").functionTimer().count()).isEqualTo(2);
    }

    /** Random orders of observing, publishing, asking and answering: no read is ever older than what its receipt or its past allow. */
    @Test
    void inAnyOrderOfEventsReadsGoForwardAndReceiptsHold() {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        Random random = new Random(seed);
        state.hold();
        List<UserUpdate> published = new ArrayList<>();
        Map<String, Long> applied = new HashMap<>();
        Map<String, Long> seen = new HashMap<>();
        List<String> broken = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            String uid = "u" + random.nextInt(3);
            switch (random.nextInt(6)) {
                case 0 -> {
                    long next = applied.merge(uid, 1L, Long::sum);
                    state.put(model(uid, next));
                    published.add(update(uid, next));
                }
                case 1 -> {
                    if (!published.isEmpty()) {
                        users.update(published.remove(0));
                    }
                }
                case 2 -> {
                    if (state.heldQueries() > 0) {
                        state.release();
                    }
                }
                case 3 -> {
                    CompletableFuture<UserView> found = find(uid);
                    if (found.isDone()) {
                        long offset = found.join()
                                .model()
                                .map(m -> m.revision().offset())
                                .orElse(0L);
                        assertThat(offset).as("seed %d", seed).isGreaterThanOrEqualTo(seen.getOrDefault(uid, 0L));
                        seen.put(uid, offset);
                    }
                }
                case 4 -> {
                    long receipt = applied.getOrDefault(uid, 0L) + random.nextInt(2);
                    if (receipt > 0) {
                        var unused = findAfter(uid, receipt).whenComplete((view, error) -> {
                            if (error == null
                                    && view.model().orElseThrow().revision().offset() < receipt) {
                                broken.add("receipt " + receipt + " answered with " + view);
                            }
                        });
                    }
                }
                case 5 -> timers.advance(Duration.ofMillis(random.nextInt(50)));
                default -> throw new AssertionError();
            }
        }
        published.forEach(users::update);
        while (state.heldQueries() > 0) {
            state.release();
        }
        state.isHolding = false;
        assertThat(broken).as("seed %d", seed).isEmpty();
        applied.forEach(
                (uid, last) -> assertThat(offset(find(uid))).as("seed %d", seed).isEqualTo(last));
    }

    private static HistoryEntry entry(long offset) {
        return new HistoryEntry(offset, Item.ofId("i" + offset), 4, Instant.EPOCH, null);
    }

    private static UserModel withHistory(String uid, long offset, int size) {
        return new UserModel(uid, at(uid, offset), size, false, List.of());
    }

    @Test
    void aSnapshotIsModelAndHistoryAtOneRevision() {
        state.put(withHistory("u", 5, 2));
        state.putHistory("u", List.of(entry(3), entry(5)));
        UserSnapshot snapshot = users.snapshot("u", NONE, SECOND).join();
        assertThat(snapshot.model().orElseThrow().revision().offset()).isEqualTo(5);
        assertThat(snapshot.history()).hasSize(2);
    }

    @Test
    void aSnapshotOfAnUnknownUserIsEmpty() {
        UserSnapshot snapshot = users.snapshot("u", NONE, SECOND).join();
        assertThat(snapshot.model()).isEmpty();
        assertThat(snapshot.history()).isEmpty();
    }

    @Test
    void aSnapshotIsTakenAgainWhenTheUserLearnsInBetween() {
        state.put(withHistory("u", 5, 1));
        state.putHistory("u", List.of(entry(5)));
        state.beforeNextHistory(() -> {
            state.putHistory("u", List.of(entry(5), entry(6)));
            state.put(withHistory("u", 6, 2));
        });
        CompletableFuture<UserSnapshot> snapshot = users.snapshot("u", NONE, SECOND);
        assertThat(snapshot).isNotDone();
        timers.advance(Duration.ofMillis(10));
        assertThat(snapshot.join().model().orElseThrow().revision().offset()).isEqualTo(6);
        assertThat(snapshot.join().history()).hasSize(2);
    }

    @Test
    void aHistoryThatIsAheadOfItsModelIsNotASnapshot() {
        state.put(withHistory("u", 5, 1));
        state.putHistory("u", List.of(entry(6)));
        CompletableFuture<UserSnapshot> replaced = users.snapshot("u", NONE, SECOND);
        timers.advance(Duration.ofMillis(500));
        assertThat(replaced).isNotDone();
        state.putHistory("u", List.of());
        CompletableFuture<UserSnapshot> withdrawn = users.snapshot("u", NONE, SECOND);
        timers.advance(Duration.ofMillis(500));
        assertThat(failure(replaced)).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
        timers.advance(Duration.ofMillis(500));
        assertThat(failure(withdrawn)).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
    }

    @Test
    void snapshotsOfOneUserAtOneTimeAreOneRead() {
        state.put(withHistory("u", 5, 1));
        state.putHistory("u", List.of(entry(5)));
        state.hold();
        CompletableFuture<UserSnapshot> first = users.snapshot("u", NONE, SECOND);
        CompletableFuture<UserSnapshot> second = users.snapshot("u", NONE, SECOND);
        CompletableFuture<UserSnapshot> later = users.snapshot("u", Optional.of(at("u", 6)), SECOND);
        state.release();
        state.release();
        state.release();
        assertThat(offsetOf(first)).isEqualTo(5);
        assertThat(offsetOf(second)).isEqualTo(5);
        assertThat(later).isNotDone();
        assertThat(state.queries).containsExactly("u", "u");
        assertThat(state.heldQueries()).isZero();

        state.isHolding = false;
        state.put(withHistory("u", 6, 1));
        timers.advance(Duration.ofMillis(10));
        assertThat(offsetOf(later)).isEqualTo(6);
        assertThat(offsetOf(users.snapshot("u", NONE, SECOND))).isEqualTo(6);
    }

    @Test
    void whoWaitsForASnapshotThatFailsFailsTooAndTheNextIsReadAnew() {
        state.put(withHistory("u", 5, 0));
        state.hold();
        state.isDown = true;
        CompletableFuture<UserSnapshot> first = users.snapshot("u", NONE, SECOND);
        CompletableFuture<UserSnapshot> second = users.snapshot("u", NONE, SECOND);
        state.release();
        assertThat(failure(first)).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
        assertThat(failure(second)).isEqualTo(ErrorCode.STATE_UNAVAILABLE);

        state.isDown = false;
        state.isHolding = false;
        assertThat(offsetOf(users.snapshot("u", NONE, SECOND))).isEqualTo(5);
    }

    private static long offsetOf(CompletableFuture<UserSnapshot> snapshot) {
        return snapshot.join().model().orElseThrow().revision().offset();
    }

    @Test
    void aSnapshotWaitsForItsReceiptUntilTheDeadline() {
        state.put(withHistory("u", 5, 0));
        CompletableFuture<UserSnapshot> reached = users.snapshot("u", Optional.of(at("u", 6)), SECOND);
        CompletableFuture<UserSnapshot> late = users.snapshot("u", Optional.of(at("u", 7)), SECOND);
        state.put(withHistory("u", 6, 0));
        timers.advance(SECOND);
        assertThat(reached.join().model().orElseThrow().revision().offset()).isEqualTo(6);
        assertThat(failure(late)).isEqualTo(ErrorCode.RECEIPT_TIMEOUT);
    }

    @Test
    void aSnapshotFailsWhenTheJobCannotBeAsked() {
        state.isDown = true;
        CompletableFuture<UserSnapshot> snapshot = users.snapshot("u", NONE, SECOND);
        assertThat(failure(snapshot)).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
        assertThatThrownBy(snapshot::join).hasMessageContaining("the job is gone");
    }
}
