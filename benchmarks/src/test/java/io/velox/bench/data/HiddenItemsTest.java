package io.velox.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.standalone.demo.SyntheticDataSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HiddenItemsTest {
    private final RatingTable table = RatingTable.of(new SyntheticDataSet(0.001, 42));

    @Test
    void everyRatingIsEitherForTrainingOrOfOneHiddenItem() {
        HiddenItems hidden = HiddenItems.draw(table, 0.1, 20, 10, 7);
        Set<Integer> seen = new HashSet<>();
        Arrays.stream(hidden.trainingRows()).forEach(seen::add);
        Map<String, Long> counts = new HashMap<>();
        for (HiddenItems.Item item : hidden.items()) {
            assertThat(item.first()).hasSize(10);
            assertThat(item.rest()).hasSizeGreaterThanOrEqualTo(10);
            for (int[] rows : List.of(item.first(), item.rest())) {
                for (int row : rows) {
                    assertThat(table.item(row)).isEqualTo(item.id());
                    assertThat(seen.add(row)).isTrue();
                }
            }
        }
        assertThat(seen).hasSize(table.size());
        for (int row = 0; row < table.size(); row++) {
            counts.merge(table.item(row), 1L, Long::sum);
        }
        long candidates = counts.values().stream().filter(n -> n >= 20).count();
        assertThat((long) hidden.items().size())
                .isEqualTo(Math.round(candidates * 0.1))
                .isPositive();
    }

    @Test
    void theSeedSaysWhichOnes() {
        assertThat(ids(7)).isEqualTo(ids(7)).isNotEqualTo(ids(8));
    }

    private List<String> ids(long seed) {
        return HiddenItems.draw(table, 0.1, 20, 10, seed).items().stream()
                .map(HiddenItems.Item::id)
                .toList();
    }
}
