package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.user.Revision;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RebaseWindowTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    private final RebaseWindow window = new RebaseWindow(new RebasePace(2, Duration.ofDays(1), () -> 0));

    private static Revision at(long offset) {
        return new Revision(0, 1, offset);
    }

    @Test
    void aUserLeavesWhenTheFeedHasReachedTheRecord() throws InterruptedException {
        window.enter("u", SHORT);
        window.sent("u", at(7));
        window.applied("u", at(6), true);
        assertThat(window.underWay()).isEqualTo(1);
        window.applied("u", at(7), true);
        assertThat(window.awaitEmpty(SHORT)).isTrue();
    }

    @Test
    void theFeedMayBeFasterThanTheLog() throws InterruptedException {
        window.enter("u", SHORT);
        window.applied("u", at(7), true);
        assertThat(window.underWay()).isEqualTo(1);
        window.sent("u", at(7));
        assertThat(window.underWay()).isZero();
    }

    @Test
    void revisionsThatAreDeliveredAgainAfterARestartOfTheJobDoNotCount() throws InterruptedException {
        window.enter("u", SHORT);
        window.applied("u", at(7), true);
        window.applied("u", at(3), true);
        window.sent("u", at(7));
        assertThat(window.underWay()).as("7 was applied, whatever came then").isZero();
        window.enter("v", SHORT);
        window.sent("v", at(9));
        window.applied("v", at(4), true);
        window.applied("v", at(8), true);
        window.applied("u", at(9), true);
        assertThat(window.underWay()).isEqualTo(1);
        window.applied("v", at(9), true);
        window.applied("v", at(9), true);
        assertThat(window.underWay()).isZero();
    }

    @Test
    void aFullWindowTakesNobodyButWhoIsInIt() throws InterruptedException {
        assertThat(window.enter("a", SHORT)).isEqualTo(RebaseWindow.Entry.ENTERED);
        assertThat(window.enter("b", SHORT)).isEqualTo(RebaseWindow.Entry.ENTERED);
        assertThat(window.enter("c", SHORT)).isEqualTo(RebaseWindow.Entry.FULL);
        assertThat(window.enter("a", SHORT)).isEqualTo(RebaseWindow.Entry.UNDER_WAY);
        window.sent("a", at(1));
        window.applied("a", at(1), true);
        assertThat(window.enter("c", SHORT)).isEqualTo(RebaseWindow.Entry.ENTERED);
    }

    @Test
    void aRecordThatWasNotWrittenIsGivenBackOnce() throws InterruptedException {
        window.enter("a", SHORT);
        window.failed("a");
        assertThat(window.takeFailed()).containsExactly("a");
        assertThat(window.takeFailed()).isEmpty();
        assertThat(window.underWay()).isEqualTo(1);
    }

    @Test
    void aUserWhoComesBackWithoutWeightsIsSentAgain() throws InterruptedException {
        RebaseWindow window = new RebaseWindow(new RebasePace(1, Duration.ofDays(1), () -> 0));
        window.enter("a", Duration.ZERO);
        window.sent("a", new Revision(0, 0, 5));
        window.applied("a", new Revision(0, 0, 5), false);
        assertThat(window.takeFailed()).containsExactly("a");
        assertThat(window.underWay()).isEqualTo(1);
        window.sent("a", new Revision(0, 0, 6));
        assertThat(window.underWay()).isEqualTo(1);
        window.applied("a", new Revision(0, 0, 6), true);
        assertThat(window.underWay()).isZero();
        assertThat(window.takeFailed()).isEmpty();
    }
}
