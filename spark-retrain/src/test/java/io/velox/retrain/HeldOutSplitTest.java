package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutSplitTest {
    private static final int ITEMS = 200;
    private static final ItemDictionary DICTIONARY = new ItemDictionary(
            IntStream.range(0, ITEMS).mapToObj(i -> "item " + i).toList());
    private static final HeldOutSplit SPLIT = new HeldOutSplit(0.1, 7);

    @Test
    void holdsOutTheShareAsked() {
        int heldOut = IntStream.range(0, 500)
                .map(u -> SPLIT.split(user("user " + u, ITEMS), DICTIONARY)
                        .heldOut()
                        .size())
                .sum();

        assertThat(heldOut / (500.0 * ITEMS)).isCloseTo(0.1, within(0.005));
    }

    @Test
    void everyRatingIsInExactlyOnePart() {
        UserRatings user = user("u", ITEMS);
        HeldOutSplit.Parts parts = SPLIT.split(user, DICTIONARY);

        assertThat(IntStream.concat(
                                IntStream.of(parts.training().items()),
                                IntStream.of(parts.heldOut().items()))
                        .boxed())
                .containsExactlyInAnyOrder(IntStream.of(user.items()).boxed().toArray(Integer[]::new));
        assertThat(parts.heldOut().labels()[0]).isEqualTo(parts.heldOut().items()[0]);
    }

    @Test
    void neverHoldsOutEverythingOfAUser() {
        HeldOutSplit half = new HeldOutSplit(0.5, 7);
        for (int u = 0; u < 1000; u++) {
            HeldOutSplit.Parts parts = half.split(user("user " + u, 1 + u % 3), DICTIONARY);
            assertThat(parts.training().size()).isPositive();
        }
        assertThat(half.split(user("u", 0), DICTIONARY).training().size()).isZero();
    }

    @Test
    void aRatingsPlaceDependsOnNothingButItsIdsAndTheSeed() {
        HeldOutSplit.Parts all = SPLIT.split(user("u", ITEMS), DICTIONARY);
        int[] reversed = IntStream.range(0, ITEMS).map(i -> ITEMS - 1 - i).toArray();
        UserRatings other = new UserRatings("u", 99, reversed, new double[ITEMS]);

        assertThat(SPLIT.split(other, DICTIONARY).heldOut().items())
                .containsExactlyInAnyOrder(all.heldOut().items());
        assertThat(new HeldOutSplit(0.1, 8).split(other, DICTIONARY).heldOut().items())
                .isNotEqualTo(SPLIT.split(other, DICTIONARY).heldOut().items());
    }

    private static UserRatings user(String uid, int ratings) {
        return new UserRatings(
                uid,
                0,
                IntStream.range(0, ratings).toArray(),
                IntStream.range(0, ratings).asDoubleStream().toArray());
    }
}
