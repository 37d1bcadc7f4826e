package io.velox.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Item;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionRequestsTest {
    private static final List<Item> ITEMS = IntStream.range(0, 200)
            .mapToObj(i -> Item.ofId(Integer.toString(i)))
            .toList();

    private static PredictionRequests requests(boolean isScattered) {
        return new PredictionRequests(ITEMS, isScattered, 20, 3, 7);
    }

    @Test
    void theSameSeedGivesTheSameRequests() {
        PredictionRequests one = requests(true);
        PredictionRequests other = requests(true);
        for (int i = 0; i < 1_000; i++) {
            one.next();
            other.next();
            assertThat(one.user()).isEqualTo(other.user());
            assertThat(one.item()).isEqualTo(other.item());
            assertThat(one.weights()).isEqualTo(other.weights());
        }
    }

    @Test
    void repeatedRequestsAreForFewItemsOfEachUserAndScatteredOnesForMany() {
        assertThat(itemsOfBusiestUser(requests(false))).hasSizeBetween(5, 10);
        assertThat(itemsOfBusiestUser(requests(true))).hasSizeGreaterThan(50);
    }

    private static Set<Item> itemsOfBusiestUser(PredictionRequests requests) {
        Set<Item> items = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            requests.next();
            if (requests.user() == 0) {
                items.add(requests.item());
            }
        }
        return items;
    }

    @Test
    void weightsAreTheSameArrayUntilTheUserLearns() {
        PredictionRequests requests = requests(true);
        Map<Integer, double[]> weights = new HashMap<>();
        Map<Integer, Integer> revisions = new HashMap<>();
        int learnt = 0;
        for (int i = 0; i < 5_000; i++) {
            requests.next();
            double[] before = weights.put(requests.user(), requests.weights());
            Integer revision = revisions.put(requests.user(), requests.revision());
            if (before != null && revision != null) {
                assertThat(requests.weights() == before).isEqualTo(requests.revision() == revision);
                learnt += requests.revision() - revision;
            }
        }
        assertThat(learnt).isBetween(50, 200);
    }
}
