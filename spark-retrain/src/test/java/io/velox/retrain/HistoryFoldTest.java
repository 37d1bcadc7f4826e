package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Repeat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryFoldTest {
    private final HistoryFold history = new HistoryFold(Repeat.REPLACE);

    @Test
    void theLastRatingOfAnItemCounts() {
        history.observed("a", 1, null);
        history.observed("b", 2, null);
        history.observed("a", 3, null);

        assertRatings(new String[] {"a", "b"}, 3, 2);
    }

    @Test
    void aRepetitionUnderTheSameClientIdChangesNothing() {
        history.observed("a", 1, "id");
        history.observed("a", 3, "id");

        assertRatings(new String[] {"a"}, 1);
    }

    @Test
    void theSameClientIdOfAnotherItemIsAnotherRating() {
        history.observed("a", 1, "id");
        history.observed("b", 3, "id");

        assertRatings(new String[] {"a", "b"}, 1, 3);
    }

    @Test
    void withdrawingDropsTheItem() {
        history.observed("a", 1, "id");
        history.observed("b", 2, null);
        history.withdrawn("a");
        assertRatings(new String[] {"b"}, 2);

        history.observed("a", 4, "another id");
        assertRatings(new String[] {"b", "a"}, 2, 4);
    }

    @Test
    void anIdIsSpentThoughItsRatingWasReplacedOrWithdrawn() {
        history.observed("a", 1, "first");
        history.observed("a", 2, "second");
        history.observed("a", 1, "first");
        assertRatings(new String[] {"a"}, 2);

        history.withdrawn("a");
        history.observed("a", 2, "second");
        history.observed("a", 1, "first");
        assertRatings(new String[] {});
    }

    @Test
    void onlyTheNewestThousandSpentIdsAreKept() {
        for (int i = 0; i <= 1_001; i++) {
            history.observed("a", i, "id-" + i);
        }
        history.observed("a", 7, "id-1");
        assertRatings(new String[] {"a"}, 1_001);
        history.observed("a", 7, "id-0");
        assertRatings(new String[] {"a"}, 7);
    }

    @Test
    void afterForgettingNoIdIsSpent() {
        history.observed("a", 1, "id");
        history.withdrawn("a");
        history.forgotten();
        history.observed("a", 1, "id");
        assertRatings(new String[] {"a"}, 1);
    }

    @Test
    void aModelThatAccumulatesIsTrainedOnMeans() {
        HistoryFold plays = new HistoryFold(Repeat.ACCUMULATE);
        plays.observed("a", 1, "first");
        plays.observed("a", 4, "second");
        plays.observed("a", 1, "first");
        plays.observed("b", 2, null);
        plays.observed("b", 4, null);
        assertThat(plays.toUser("u").labels()).containsExactly(2.5, 3);

        plays.withdrawn("a");
        plays.observed("a", 4, "second");
        assertThat(plays.toUser("u").items()).containsExactly("b");
    }

    @Test
    void aUserWhoseItemsAreAllWithdrawnIsStillKnown() {
        history.observed("a", 1, null);
        history.withdrawn("a");

        assertThat(history.isKnown()).isTrue();
        assertRatings(new String[] {});
    }

    @Test
    void forgettingDropsWhatCameBeforeAndNothingAfter() {
        history.observed("a", 1, null);
        history.forgotten();
        assertThat(history.isKnown()).isFalse();

        history.observed("b", 2, null);
        assertThat(history.isKnown()).isTrue();
        assertRatings(new String[] {"b"}, 2);
    }

    private void assertRatings(String[] items, double... labels) {
        FoldedUser user = history.toUser("u");
        assertThat(user.items()).isEqualTo(items);
        assertThat(user.labels()).isEqualTo(labels);
    }

    @Test
    void aRatingIsNewIfAllOfItsRecordsAre() {
        HistoryFold replacing = new HistoryFold(Repeat.REPLACE);
        HistoryFold accumulating = new HistoryFold(Repeat.ACCUMULATE);
        for (HistoryFold fold : List.of(replacing, accumulating)) {
            fold.observed("old", 1, null, false);
            fold.observed("both", 1, null, false);
            fold.observed("both", 2, null, true);
            fold.observed("new", 1, "a", true);
            fold.observed("new", 2, "b", true);
        }

        assertThat(replacing.toUser("u").areNew()).containsExactly(false, false, true);
        assertThat(accumulating.toUser("u").areNew()).containsExactly(false, false, true);
    }
}
