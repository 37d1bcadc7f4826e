package io.velox.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Estimate.median(new double[] {4, 1, 3, 2}).value()).isEqualTo(2.5);
    }

    @Test
    void theMedianOfOneSampleIsItself() {
        assertThat(Estimate.median(new double[] {7})).isEqualTo(new Estimate(7, 7, 7, 1));
    }

    @Test
    void theIntervalOfTheMedianHoldsTheTruthAboutNineteenTimesInTwenty() {
        SplittableRandom random = new SplittableRandom(1);
        int held = 0;
        for (int i = 0; i < 100; i++) {
            double[] samples = random.doubles(30).map(x -> 10 + x).toArray();
            Estimate estimate = Estimate.median(samples);
            held += estimate.low() <= 10.5 && 10.5 <= estimate.high() ? 1 : 0;
        }
        assertThat(held).isBetween(86, 100);
    }

    @Test
    void theMeanHasTheIntervalOfStudent() {
        Estimate estimate = Estimate.mean(new double[] {1, 2, 3, 4, 5});
        assertThat(estimate.value()).isEqualTo(3);
        assertThat(estimate.high() - 3)
                .isCloseTo(2.776445 * Math.sqrt(2.5 / 5), within(1e-5)); // t(0.975, 4) from tables
        assertThat(Estimate.mean(new double[] {7})).isEqualTo(new Estimate(7, 7, 7, 1));
    }

    @Test
    void theSlopeOfALineIsExact() {
        Estimate slope = Estimate.slope(new double[] {0, 1, 2, 3}, new double[] {5, 7, 9, 11});
        assertThat(slope.value()).isCloseTo(2, within(1e-12));
        assertThat(slope.high() - slope.low()).isCloseTo(0, within(1e-6));
    }

    @Test
    void theIntervalOfTheSlopeIsStudents() {
        // The line is 2x; the residuals are 1, -1, -1, 1 and t(0.975, 2) is 4.302653.
        Estimate slope = Estimate.slope(new double[] {0, 1, 2, 3}, new double[] {1, 1, 3, 7});
        assertThat(slope.value()).isCloseTo(2, within(1e-12));
        assertThat(slope.high() - slope.value()).isCloseTo(4.302653 * Math.sqrt(4.0 / 2 / 5), within(1e-5));
    }

    @Test
    void aSlopeAtOneXIsRefused() {
        assertThatThrownBy(() -> Estimate.slope(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPercentileLiesWithinTheIntervalOfItsRank() {
        Histogram histogram = new Histogram(1_000_000, 3);
        for (int i = 1; i <= 10_000; i++) {
            histogram.recordValue(i);
        }
        Estimate p99 = Estimate.percentile(histogram, 99);
        assertThat(p99.value()).isCloseTo(9_900, within(10.0));
        assertThat(p99.low()).isCloseTo(9_880, within(10.0));
        assertThat(p99.high()).isCloseTo(9_920, within(10.0));
        assertThat(p99.n()).isEqualTo(10_000);
    }
}
