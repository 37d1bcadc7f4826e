package io.velox.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopKTest {
    @Test
    void keepsWhatSortingEverythingWouldPutFirst() {
        Random random = Seeds.random("keepsWhatSorting");
        for (int trial = 0; trial < 2000; trial++) {
            int n = random.nextInt(60);
            int k = 1 + random.nextInt(70);
            int differentScores = 1 + random.nextInt(20);
            double[] scores = random.ints(n, 0, differentScores)
                    .asDoubleStream()
                    .map(s -> s / 3 - 2)
                    .toArray();
            TopK best = new TopK(k);
            List<Integer> offered = shuffledRows(random, n);
            offered.forEach(row -> best.offer(row, scores[row]));

            int[] expected = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(row -> -scores[row])
                            .thenComparing(row -> row))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(best.size()).isEqualTo(expected.length);
            assertThat(best.threshold())
                    .isEqualTo(n < k ? Double.NEGATIVE_INFINITY : scores[expected[expected.length - 1]]);
            Ranking ranking = best.drain();
            assertThat(ranking.rows()).containsExactly(expected);
            assertThat(ranking.scores())
                    .containsExactly(Arrays.stream(expected)
                            .mapToDouble(row -> scores[row])
                            .toArray());
            assertThat(ranking.size()).isEqualTo(expected.length);
            assertThat(best.size()).isZero();
        }
    }

    @Test
    void infiniteScoresAreRankedAndWhatIsNoNumberIsNeverKept() {
        TopK best = new TopK(3);
        double[] scores = {Double.NaN, Double.NEGATIVE_INFINITY, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, 1
        };
        for (int row = 0; row < scores.length; row++) {
            best.offer(row, scores[row]);
        }
        assertThat(best.drain().rows()).containsExactly(4, 6, 2);
    }

    @Test
    void bothZerosAreTheSameScore() {
        TopK best = new TopK(1);
        best.offer(1, 0.0);
        best.offer(0, -0.0);
        assertThat(best.drain().rows()).containsExactly(0);
    }

    @Test
    void kMustBeAtLeastOne() {
        assertThatThrownBy(() -> new TopK(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("k must be at least 1, but got 0");
    }

    private static List<Integer> shuffledRows(Random random, int n) {
        List<Integer> rows =
                new java.util.ArrayList<>(IntStream.range(0, n).boxed().toList());
        java.util.Collections.shuffle(rows, random);
        return rows;
    }
}
