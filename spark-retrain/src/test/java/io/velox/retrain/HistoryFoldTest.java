package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryFoldTest {
    private final HistoryFold history = new HistoryFold();

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

        history.observed("a", 4, "id");
        assertRatings(new String[] {"b", "a"}, 2, 4);
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
}
