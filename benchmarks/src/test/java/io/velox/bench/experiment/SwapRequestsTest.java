package io.velox.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.bench.data.RatingTable;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwapRequestsTest {
    private final RatingTable ratings = RatingTable.of(new SyntheticDataSet(0.002, 42));
    private final SwapRequests requests = new SwapRequests(ratings, 0.3, 42);

    @Test
    void whatIsHeldBackIsNotImported() {
        int[] imported = requests.imported();
        assertThat(Arrays.stream(imported).distinct().count()).isEqualTo(imported.length);
        assertThat((double) imported.length / ratings.size()).isBetween(0.65, 0.8);
    }

    @Test
    void everyRatingOfAUserWhoStaysAsKnownIsImported() {
        Set<Integer> imported = new HashSet<>();
        Arrays.stream(requests.imported()).forEach(imported::add);
        int still = 0;
        for (int user = 0; user < ratings.users(); user++) {
            if (requests.isStill(ratings.uid(user))) {
                still++;
                for (int row = ratings.start(user); row < ratings.start(user + 1); row++) {
                    assertThat(imported).contains(row);
                }
            }
        }
        assertThat(still).isEqualTo((ratings.users() + 9) / 10);
        assertThat(requests.isStill("visitor-7")).isTrue();
    }
}
