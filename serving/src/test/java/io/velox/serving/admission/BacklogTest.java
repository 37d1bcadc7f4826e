package io.velox.serving.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final Duration BOUND = Duration.ofMillis(10);

    private final TurningLoop loop = new TurningLoop();
    private final Backlog backlog = new Backlog(BOUND, loop::nanoTime, loop);

    @Test
    void aBurstThatIsCaughtUpWithIsAnsweredInFull() {
        assertThat(refusedOf(40)).isZero();
        loop.endTurn();
        assertThat(refusedOf(10)).isZero();
        loop.endTurn();
        assertThat(refusedOf(400)).isZero();
    }

    @Test
    void aLoopThatDoesNotCatchUpRefusesWhatHasWaitedLongerThanTheBound() {
        loop.fallBehind(backlog, BOUND);

        assertThat(refusedOf(40)).isEqualTo(29);
    }

    @Test
    void aSingleTurnThatDoesNotEndIsALoopThatDoesNotCatchUp() {
        assertThat(refusedOf(600)).isEqualTo(99);
    }

    @Test
    void aShortTurnDoesNotEndTheRefusalsAndAWhileOfThemDoes() {
        loop.fallBehind(backlog, BOUND);
        assertThat(refusedOf(5)).isZero();
        loop.endTurn();
        assertThat(refusedOf(40)).isEqualTo(29);
        loop.endTurn();

        for (int turn = 0; turn < 101; turn++) {
            assertThat(refusedOf(5)).isZero();
            loop.endTurn();
        }
        assertThat(refusedOf(40)).isZero();
    }

    @Test
    void aLoopThatWasIdleHasCaughtUp() {
        loop.fallBehind(backlog, BOUND);
        loop.pass(Duration.ofSeconds(10));

        assertThat(refusedOf(40)).isZero();
    }

    @Test
    void withoutABoundNothingIsRefused() {
        Backlog unbounded = new Backlog(Duration.ZERO, loop::nanoTime, loop);
        loop.pass(Duration.ofHours(1));

        assertThat(unbounded.isTooLong()).isFalse();
        loop.pass(Duration.ofHours(1));
        assertThat(unbounded.isTooLong()).isFalse();
    }

    /** So many requests in this turn, of which each that is answered takes a millisecond, and so does each that is refused. */
    private int refusedOf(int requests) {
        int refused = 0;
        for (int i = 0; i < requests; i++) {
            refused += backlog.isTooLong() ? 1 : 0;
            loop.pass(Duration.ofMillis(1));
        }
        return refused;
    }
}
