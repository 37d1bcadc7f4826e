package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void aTenthIsForTestsAndTheRestIsHalvedForEveryUser() {
        Split.Parts parts = new Split(42).of(user("u", 200));

        assertThat(parts.test()).hasSize(20);
        assertThat(parts.imported()).hasSize(90);
        assertThat(parts.live()).hasSize(90);
    }

    @Test
    void everyRatingIsInExactlyOnePart() {
        for (int n = 1; n < 60; n++) {
            UserRatings user = user("u" + n, n);
            Split.Parts parts = new Split(42).of(user);
            List<Rating> all = new ArrayList<>(parts.test());
            all.addAll(parts.imported());
            all.addAll(parts.live());

            assertThat(all).containsExactlyInAnyOrderElementsOf(user.ratings());
        }
    }

    @Test
    void theSameSeedSplitsTheSameWayAndUsersAreSplitIndependently() {
        UserRatings user = user("u", 100);

        assertThat(new Split(1).of(user)).isEqualTo(new Split(1).of(user));
        assertThat(new Split(2).of(user)).isNotEqualTo(new Split(1).of(user));
        assertThat(new Split(1).of(user("v", 100)).test())
                .isNotEqualTo(new Split(1).of(user).test());
    }

    @Test
    void eachPartIsInTheOrderOfTime() {
        Split.Parts parts = new Split(42).of(user("u", 100));

        assertThat(parts.live()).extracting(Rating::timestamp).isSorted();
        assertThat(parts.imported()).extracting(Rating::timestamp).isSorted();
    }

    private static UserRatings user(String uid, int ratings) {
        return new UserRatings(
                uid,
                IntStream.range(0, ratings)
                        .mapToObj(i -> new Rating("i" + i, 3, Instant.ofEpochSecond(1000 - i)))
                        .toList());
    }
}
