package io.velox.core.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ItemGuessTest {
    @Test
    void ratingsImproveItAsAFreshSolveOfAllOfThem() {
        Random random = Seeds.random("ratingsImproveIt");
        for (int trial = 0; trial < 100; trial++) {
            int d = 1 + random.nextInt(12);
            Prior prior = Prior.gaussian(vector(random, d), covariance(random, d));
            List<ItemRating> ratings = new ArrayList<>();
            for (int n = random.nextInt(30); n > 0; n--) {
                ratings.add(new ItemRating(vector(random, d), 5 * random.nextDouble(), 0.1 + random.nextDouble()));
            }

            Prior improved =
                    new ItemGuess(prior).improved(ItemEvidence.of(d, ratings)).vector();

            double[][] precision = DenseSolve.invert(prior.covariance());
            double[][] right = new double[d][1];
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    right[i][0] += precision[i][j] * prior.mean()[j];
                }
            }
            for (ItemRating rating : ratings) {
                for (int i = 0; i < d; i++) {
                    double zi = i == d - 1 ? 1 : rating.weights()[i];
                    right[i][0] += zi * (rating.label() - rating.weights()[d - 1]) / rating.variance();
                    for (int j = 0; j < d; j++) {
                        precision[i][j] += zi * (j == d - 1 ? 1 : rating.weights()[j]) / rating.variance();
                    }
                }
            }
            double[][] covariance = DenseSolve.invert(copy(precision));
            double[][] mean = DenseSolve.solve(precision, right);
            for (int i = 0; i < d; i++) {
                assertThat(improved.mean()[i]).isCloseTo(mean[i][0], within(1e-8));
                assertThat(improved.covariance()[i]).containsExactly(covariance[i], within(1e-8));
            }
        }
    }

    @Test
    void withoutRatingsItStaysAsItIs() {
        ItemGuess guess = new ItemGuess(Prior.mean(new double[] {1, 2}, 0.5));
        assertThat(guess.improved(ItemEvidence.of(2, List.of()))).isEqualTo(guess);
    }

    @Test
    void itsNoiseIsWhatItAddsToPredictionsOverUsers() {
        Random random = Seeds.random("itsNoise");
        int d = 4;
        Prior users = Prior.gaussian(vector(random, d), covariance(random, d));
        Prior item = Prior.gaussian(vector(random, d), covariance(random, d));
        FeatureVector features = new ItemGuess(item).features(ItemGuess.userMoments(users));
        assertThat(features.values()).hasSize(d).endsWith(1);
        assertThat(features.values()).startsWith(item.mean()[0], item.mean()[1], item.mean()[2]);
        assertThat(features.offset()).isEqualTo(item.mean()[d - 1]);

        double[][] r = item.covariance();
        double[][] s = users.covariance();
        double expected = 0;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                boolean isConstant = i == d - 1 || j == d - 1;
                double zi = i == d - 1 ? 1 : users.mean()[i];
                double zj = j == d - 1 ? 1 : users.mean()[j];
                expected += r[i][j] * (zi * zj + (isConstant ? 0 : s[i][j]));
            }
        }
        assertThat(features.noise()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void moreRatingsLeaveLessNoise() {
        Random random = Seeds.random("moreRatings");
        int d = 5;
        double[] moments = ItemGuess.userMoments(Prior.zero(d, 1));
        ItemGuess guess = new ItemGuess(Prior.zero(d, 1));
        List<ItemRating> ratings = new ArrayList<>();
        double noise = guess.features(moments).noise();
        for (int n = 0; n < 20; n++) {
            ratings.add(new ItemRating(vector(random, d), 3, 1));
            double next = guess.improved(ItemEvidence.of(d, ratings))
                    .features(moments)
                    .noise();
            assertThat(next).isPositive().isLessThan(noise);
            noise = next;
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        ItemGuess guess = new ItemGuess(Prior.zero(3, 1));
        assertThatThrownBy(() -> guess.improved(new ItemEvidence(1, new double[3], new double[2])))
                .hasMessage("evidence must have dimension 3, but has 2");
        assertThatThrownBy(() -> new ItemEvidence(-1, new double[3], new double[2]))
                .hasMessage("count must not be negative, but got -1");
        assertThatThrownBy(() -> new ItemEvidence(1, new double[2], new double[2]))
                .hasMessageContaining("d×d");
        assertThatThrownBy(() -> new ItemEvidence(1, new double[] {Double.NaN}, new double[1]))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> ItemEvidence.of(3, List.of(new ItemRating(new double[2], 3, 1))))
                .hasMessage("weights must have length 3, but have 2");
        assertThatThrownBy(() -> new ItemRating(new double[2], Double.NaN, 1))
                .hasMessage("label must be finite, but got NaN");
        assertThatThrownBy(() -> new ItemRating(new double[2], 1, 0))
                .hasMessage("variance must be positive and finite, but got 0.0");
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }

    private static double[] vector(Random random, int d) {
        double[] x = new double[d];
        for (int i = 0; i < d; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }

    private static double[] covariance(Random random, int d) {
        double[] a = PackedSymmetric.diagonal(d, 0.3);
        for (int k = 0; k < d; k++) {
            PackedSymmetric.addOuter(a, 1.0 / d, vector(random, d));
        }
        return a;
    }
}
