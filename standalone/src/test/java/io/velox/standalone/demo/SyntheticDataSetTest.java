package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SyntheticDataSetTest {
    @Test
    void atScaleOneUsersAndRatingsAreThoseOfMovieLens10M() {
        int[] counts = SyntheticActivity.ratingsOfUsers(69_878, 10_000_054, 10_677, new SplittableRandom(42));

        assertThat(Arrays.stream(counts).asLongStream().sum()).isEqualTo(10_000_054);
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThanOrEqualTo(20);
        assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(10_677);
        int[] sorted = counts.clone();
        Arrays.sort(sorted);
        assertThat(sorted[sorted.length / 2]).as("median, 69 in MovieLens 10M").isBetween(55, 85);
    }

    @Test
    void atScaleOneTheFilmsAreThoseOfMovieLens10MAndUsersAreGeneratedOneByOne() {
        SyntheticDataSet data = new SyntheticDataSet(1, 42);

        assertThat(data.titles()).hasSize(10_677);
        try (Stream<UserRatings> users = data.users()) {
            assertThat(users.limit(3).toList()).hasSize(3);
        }
    }

    @Test
    void everyUserHasTwentyDistinctFilmsAndEveryLabelIsAHalfStar() {
        SyntheticDataSet data = new SyntheticDataSet(0.01, 42);
        Census census = Census.of(data, new Split(42));

        assertThat(census.users()).isEqualTo(699);
        assertThat(census.ratings()).isEqualTo(100_001);
        assertThat(census.items()).as("every film is rated").isEqualTo(1068);
        assertThat(census.lowest()).isEqualTo(0.5);
        assertThat(census.highest()).isEqualTo(5);
        try (Stream<UserRatings> users = data.users()) {
            users.forEach(user -> {
                assertThat(user.ratings()).hasSizeGreaterThanOrEqualTo(20);
                assertThat(new HashSet<>(
                                user.ratings().stream().map(Rating::item).toList()))
                        .hasSameSizeAs(user.ratings());
                assertThat(user.ratings()).allMatch(r -> 2 * r.label() == Math.rint(2 * r.label()));
            });
        }
    }

    @Test
    void aFewFilmsAreMuchMorePopularThanMost() {
        Map<String, Integer> counts = new HashMap<>();
        try (Stream<UserRatings> users = new SyntheticDataSet(0.01, 42).users()) {
            users.forEach(user -> user.ratings().forEach(r -> counts.merge(r.item(), 1, Integer::sum)));
        }
        List<Integer> sorted = counts.values().stream().sorted().toList();
        int tenth = sorted.size() / 10;
        int head = sorted.subList(sorted.size() - tenth, sorted.size()).stream()
                .mapToInt(n -> n)
                .sum();

        assertThat(head).as("ratings of the most popular tenth").isGreaterThan(35_000);
    }

    @Test
    void theSameSeedGivesTheSameRatingsAndAnotherOneOthers() {
        assertThat(first(new SyntheticDataSet(0.001, 7))).isEqualTo(first(new SyntheticDataSet(0.001, 7)));
        assertThat(first(new SyntheticDataSet(0.001, 7))).isNotEqualTo(first(new SyntheticDataSet(0.001, 8)));
    }

    @Test
    void everyScaleThatIsAllowedHasItsExactNumberOfRatings() {
        for (double scale : new double[] {0.001, 0.0017, 0.005, 0.02}) {
            Census census = Census.of(new SyntheticDataSet(scale, 3), new Split(3));
            assertThat(census.ratings()).isEqualTo(Math.round(10_000_054 * scale));
            assertThat(census.users()).isEqualTo(Math.round(69_878 * scale));
        }
    }

    @Test
    void refusesAScaleAboveOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SyntheticDataSet(1.5, 1))
                .withMessageContaining("scale");
    }

    private static List<UserRatings> first(SyntheticDataSet data) {
        try (Stream<UserRatings> users = data.users()) {
            return users.limit(10).toList();
        }
    }
}
