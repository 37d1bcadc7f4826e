package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestSampleTest {
    @Test
    void allUsersAreTakenWhereTheTestRatingsAreFew() {
        TestSample sample = TestSample.of(census(200_000), 42);

        assertThat(sample.isAll()).isTrue();
        assertThat(taken(sample)).hasSize(10_000);
    }

    @Test
    void aShareOfTheUsersIsTakenWhereTheyAreManyAndTheSeedChoosesWhich() {
        TestSample sample = TestSample.of(census(1_000_000), 42);

        assertThat(sample.isAll()).isFalse();
        assertThat(taken(sample)).hasSizeBetween(1_800, 2_200).isEqualTo(taken(TestSample.of(census(1_000_000), 42)));
        assertThat(taken(TestSample.of(census(1_000_000), 43))).isNotEqualTo(taken(sample));
    }

    private static List<Integer> taken(TestSample sample) {
        return IntStream.range(0, 10_000)
                .filter(user -> sample.takes(Integer.toString(user)))
                .boxed()
                .toList();
    }

    private static Census census(long test) {
        return new Census(10 * test, 10_000, 100, 1, 5, 5 * test, 4 * test, test, List.of());
    }
}
