package io.velox.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.bench.data.RatingTable;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftTrafficTest {
    private final RatingTable ratings = RatingTable.of(new SyntheticDataSet(0.002, 42));
    private final DriftTraffic traffic = new DriftTraffic(ratings, 10, 42);

    @Test
    void labelsAreThoseOfTheSetUntilTheyDrift() {
        for (int row = 0; row < ratings.size(); row++) {
            assertThat(traffic.label(row)).isEqualTo(ratings.label(row));
        }
    }

    @Test
    void driftInvertsWhatAThirdOfTheItemsGet() {
        traffic.drift();
        Set<String> inverted = new HashSet<>();
        Set<String> kept = new HashSet<>();
        for (int row = 0; row < ratings.size(); row++) {
            double label = ratings.label(row);
            if (label == 2.75) { // which is its own inverse
                continue;
            }
            if (traffic.label(row) == label) {
                kept.add(ratings.item(row));
            } else {
                assertThat(traffic.label(row)).isEqualTo(5.5 - label); // half stars from 0.5 to 5
                inverted.add(ratings.item(row));
            }
        }
        assertThat(inverted).doesNotContainAnyElementsOf(kept);
        assertThat((double) inverted.size() / ratings.items().size()).isBetween(0.27, 0.4);
    }

    @Test
    void whatIsMadeIsCountedByObservations() {
        traffic.next();
        traffic.next();
        assertThat(traffic.made()).isEqualTo(20);
    }
}
