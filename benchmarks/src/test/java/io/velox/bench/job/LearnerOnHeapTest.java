package io.velox.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SyntheticVersion;
import io.velox.core.store.ModelStore;
import io.velox.standalone.demo.SyntheticDataSet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerOnHeapTest {
    private static final int USERS = 40;
    private static final int COVARIANCE_BYTES = 8 * 51 * 52 / 2;

    @TempDir
    private Path folder;

    @Test
    void aUserCountsForACovarianceAndTheItemsSeen() throws Exception {
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(0.001, 42));
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of())) {
            LearnerOnHeap learner = new LearnerOnHeap(ratings, store.open(SyntheticVersion.write(store, 1)));

            double counted = learner.countedBytesPerUser(USERS);

            assertThat(counted).isGreaterThan(COVARIANCE_BYTES).isLessThan(10 * COVARIANCE_BYTES);
            assertThat(learner.filled(USERS, (long) (counted * USERS)).cachedUsers())
                    .isEqualTo(USERS);
            assertThat(learner.filled(USERS, (long) (counted * USERS / 2)).cachedUsers())
                    .isBetween(USERS / 4L, 3 * USERS / 4L);
        }
    }
}
