package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PriorEstimateTest {
    private static final int D = 3;

    @Test
    void momentsAreThoseOfTheVectorsHoweverTheyAreMerged() {
        Random random = new Random(1);
        double[][] x = new double[500][D];
        WeightMoments[] parts = {new WeightMoments(D), new WeightMoments(D), new WeightMoments(D)};
        for (int n = 0; n < x.length; n++) {
            x[n] = new double[] {1e6 + random.nextGaussian(), random.nextGaussian(), 0};
            x[n][2] = x[n][1] + random.nextGaussian() / 2;
            parts[n < 400 ? 0 : 1].add(x[n]);
        }
        parts[0].merge(parts[1]);
        parts[0].merge(parts[2]);

        Prior prior = PriorEstimate.of(PriorKind.GAUSSIAN, parts[0]);
        double[] mean = new double[D];
        for (double[] row : x) {
            for (int i = 0; i < D; i++) {
                mean[i] += row[i] / x.length;
            }
        }
        double[][] covariance = new double[D][D];
        for (double[] row : x) {
            for (int i = 0; i < D; i++) {
                for (int j = 0; j < D; j++) {
                    covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / x.length;
                }
            }
        }
        double trace = covariance[0][0] + covariance[1][1] + covariance[2][2];
        for (int i = 0; i < D; i++) {
            assertThat(prior.mean()[i]).isCloseTo(mean[i], within(1e-8));
            for (int j = 0; j < D; j++) {
                double jitter = i == j ? PriorEstimate.JITTER * trace / D : 0;
                assertThat(prior.covariance()[i][j]).isCloseTo(covariance[i][j] + jitter, within(1e-8));
            }
        }
    }

    @Test
    void zeroAndMeanArePriorsOfOneVariance() {
        WeightMoments users = new WeightMoments(2);
        users.add(new double[] {1, 2});
        users.add(new double[] {3, 2});

        Prior zero = PriorEstimate.of(PriorKind.ZERO, users);
        assertThat(zero.mean()).containsExactly(0, 0);
        assertThat(zero.covariance()).isDeepEqualTo(new double[][] {{4.5, 0}, {0, 4.5}});
        Prior mean = PriorEstimate.of(PriorKind.MEAN, users);
        assertThat(mean.mean()).containsExactly(2, 2);
        assertThat(mean.covariance()).isDeepEqualTo(new double[][] {{0.5, 0}, {0, 0.5}});
    }

    @ParameterizedTest
    @EnumSource(PriorKind.class)
    void oneUserOrUsersThatDoNotDifferStillMakeAPrior(PriorKind kind) {
        WeightMoments users = new WeightMoments(D);
        users.add(new double[D]);
        assertThat(PriorEstimate.of(kind, users).covariance()[0][0]).isEqualTo(PriorEstimate.MIN_VARIANCE);

        users.add(new double[D]);
        assertThat(PriorEstimate.of(kind, users).kind()).isEqualTo(kind);
    }
}
