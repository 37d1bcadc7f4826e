package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ItemSumsTest {
    /** Labels 1 and 3 of the first item, none of the second, 5 of the third: the mean is 3. */
    private static final ItemSums SUMS =
            new ItemSums(new long[] {2, 0, 1}, new double[] {4, 0, 5}, new double[] {10, 0, 25});

    @Test
    void offsetsAreTheMeanAndTheShrunkenBias() {
        double k = ItemSums.SHRINKAGE;
        assertThat(SUMS.offsets(true).ofItems())
                .containsExactly((float) (3 - 2 / (2 + k)), 3f, (float) (3 + 2 / (1 + k)));
    }

    @Test
    void withoutItemBiasThereAreNoOffsets() {
        assertThat(SUMS.offsets(false).ofItems()).containsExactly(0, 0, 0);
    }

    @Test
    void theVarianceIsAboutTheOffsetsOrTheMean() {
        float[] o = SUMS.offsets(true).ofItems();
        double aboutOffsets = (Math.pow(1 - o[0], 2) + Math.pow(3 - o[0], 2) + Math.pow(5 - o[2], 2)) / 3;
        assertThat(SUMS.variance(true)).isCloseTo(aboutOffsets, within(1e-9));
        assertThat(SUMS.variance(false)).isCloseTo(8.0 / 3, within(1e-12));
    }
}
