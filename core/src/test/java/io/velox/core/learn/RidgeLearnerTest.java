package io.velox.core.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RidgeLearnerTest {
    private static final double[] EVERY_LAMBDA = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6};

    /** A user's observations, and what they were made with. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record History(Prior prior, double noise, List<FeatureVector> features, double[] labels) {
        static History random(Random random, int d, int n, double lambda, double scale) {
            double noise = Math.pow(10, random.nextDouble() * 4 - 2);
            List<FeatureVector> features = new ArrayList<>();
            double[] labels = new double[n];
            double[] truth = random.doubles(d, -2, 2).toArray();
            for (int i = 0; i < n; i++) {
                double[] f = gaussians(random, d, scale);
                f[d - 1] = 1;
                FeatureVector x = new FeatureVector(
                        f, random.nextGaussian() * 3, random.nextBoolean() ? 0 : random.nextDouble() * noise);
                features.add(x);
                labels[i] = x.score(truth) + random.nextGaussian() * Math.sqrt(noise);
            }
            return new History(anyPrior(random, d, noise / lambda), noise, features, labels);
        }

        RidgeLearner learntOneByOne() {
            RidgeLearner learner = RidgeLearner.atPrior(prior, noise);
            for (int i = 0; i < labels.length; i++) {
                learner.learn(features.get(i), labels[i]);
            }
            return learner;
        }

        History without(int observation) {
            List<FeatureVector> others = new ArrayList<>(features);
            others.remove(observation);
            double[] rest = new double[labels.length - 1];
            System.arraycopy(labels, 0, rest, 0, observation);
            System.arraycopy(labels, observation + 1, rest, observation, rest.length - observation);
            return new History(prior, noise, others, rest);
        }

        double[][] posterior() {
            FreshSolve solve = new FreshSolve(prior.dimension());
            for (int i = 0; i < labels.length; i++) {
                FeatureVector f = features.get(i);
                solve.add(f.values(), f.offset(), noise + f.noise(), labels[i]);
            }
            return solve.posterior(prior.mean(), prior.covariance());
        }
    }

    @Test
    void onlineEqualsASolveFromScratch() {
        Random random = Seeds.random("onlineEqualsASolveFromScratch");
        for (int trial = 0; trial < 300; trial++) {
            int d = 1 + random.nextInt(60);
            double lambda = Math.pow(10, random.nextDouble() * 12 - 6);
            History history = History.random(random, d, random.nextInt(120), lambda, 1);
            double[][] expected = history.posterior();
            RidgeLearner learner = history.learntOneByOne();
            // The problem itself is ill-conditioned where λ is tiny and there are about as many observations as
            // dimensions.
            assertClose(learner.weights(), expected[0], 1e-9, "trial " + trial + ", d " + d + ", λ " + lambda);
            assertUncertainty(learner, expected, gaussians(random, d, 1), 1e-9);
        }
    }

    @Test
    void aLeaveOneOutResidualIsThatOfASolveWithoutTheObservation() {
        Random random = Seeds.random("aLeaveOneOutResidualIsThatOfASolveWithoutTheObservation");
        for (int trial = 0; trial < 50; trial++) {
            int d = 1 + random.nextInt(12);
            History history =
                    History.random(random, d, 1 + random.nextInt(30), Math.pow(10, random.nextDouble() * 4 - 2), 1);
            RidgeLearner learner = history.learntOneByOne();
            for (int i = 0; i < history.labels.length; i++) {
                FeatureVector f = history.features.get(i);
                double refit = history.labels[i] - f.score(history.without(i).posterior()[0]);
                assertThat(learner.leaveOneOutResidual(f, history.labels[i]))
                        .as("trial %s, observation %s", trial, i)
                        .isCloseTo(refit, within(1e-7 * (1 + Math.abs(refit))));
            }
        }
    }

    @Test
    void drawsHaveTheWeightsAsMeanAndThePosteriorsCovariance() {
        Random random = Seeds.random("draws");
        for (int trial = 0; trial < 50; trial++) {
            int d = 1 + random.nextInt(20);
            RidgeLearner learner =
                    History.random(random, d, random.nextInt(30), 1, 1).learntOneByOne();
            double[] mean = learner.weights();
            assertThat(learner.draw(new OneNormal(-1))).containsExactly(mean);
            // A draw is linear in its normal numbers: what each of them adds, alone, makes up the covariance.
            double[] covariance = new double[PackedSymmetric.length(d)];
            for (int k = 0; k < d; k++) {
                double[] added = learner.draw(new OneNormal(k));
                for (int i = 0; i < d; i++) {
                    added[i] -= mean[i];
                }
                PackedSymmetric.addOuter(covariance, 1, added);
            }
            double[] x = gaussians(random, d, 1);
            double[] product = new double[d];
            PackedSymmetric.multiply(covariance, x, product);
            assertClose(learner.covarianceTimes(x), product, 1e-9, "trial " + trial);
        }
    }

    @Test
    void drawsScatterAsNormalNumbersDo() {
        Random random = Seeds.random("drawsScatter");
        RidgeLearner learner = History.random(random, 3, 5, 1, 1).learntOneByOne();
        FeatureVector f = new FeatureVector(gaussians(random, 3, 1), 0, 0);
        double deviation = Math.sqrt(learner.uncertainty(f));
        int n = 100_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double z = (f.score(learner.draw(random)) - learner.predict(f)) / deviation;
            sum += z;
            squares += z * z;
        }
        assertThat(sum / n).isCloseTo(0, within(6 / Math.sqrt(n)));
        assertThat(squares / n).isCloseTo(1, within(6 * Math.sqrt(2.0 / n)));
    }

    @Test
    void theOrderDoesNotMatter() {
        Random random = Seeds.random("theOrderDoesNotMatter");
        for (int trial = 0; trial < 100; trial++) {
            int d = 1 + random.nextInt(30);
            History history = History.random(random, d, 50, Math.pow(10, random.nextDouble() * 8 - 4), 1);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < history.labels().length; i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            RidgeLearner shuffled = RidgeLearner.atPrior(history.prior(), history.noise());
            order.forEach(i -> shuffled.learn(history.features().get(i), history.labels()[i]));
            assertClose(shuffled.weights(), history.learntOneByOne().weights(), 1e-9, "trial " + trial);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1000})
    void aHundredThousandUpdatesLoseNothingAtAnyLambda(double scale) {
        Random random = Seeds.random("aHundredThousandUpdates" + scale);
        int d = 30;
        History history = History.random(random, d, 100_000, 1, scale);
        FreshSolve solve = new FreshSolve(d);
        for (int i = 0; i < history.labels().length; i++) {
            FeatureVector f = history.features().get(i);
            solve.add(f.values(), f.offset(), history.noise() + f.noise(), history.labels()[i]);
        }
        for (double lambda : EVERY_LAMBDA) {
            Prior prior = anyPrior(random, d, history.noise() / lambda);
            RidgeLearner learner =
                    new History(prior, history.noise(), history.features(), history.labels()).learntOneByOne();
            double[][] expected = solve.posterior(prior.mean(), prior.covariance());
            assertClose(learner.weights(), expected[0], 1e-9, "λ " + lambda);
            assertUncertainty(learner, expected, gaussians(random, d, scale), 1e-9);
        }
    }

    @Test
    void aHistoryAsAWholeEqualsItsObservationsOneByOne() {
        Random random = Seeds.random("aHistoryAsAWhole");
        for (double lambda : new double[] {1e-6, 0.1, 1, 10, 1e6}) {
            for (int d :
                    new int[] {1, 20, RidgeLearner.BATCH_FROM_DIMENSION - 1, RidgeLearner.BATCH_FROM_DIMENSION, 120}) {
                int n = RidgeLearner.BATCH_FROM_OBSERVATIONS_PER_DIMENSION * d + random.nextInt(3) - 1;
                History history = History.random(random, d, n, lambda, 1);
                RidgeLearner whole =
                        RidgeLearner.ofHistory(history.prior(), history.noise(), history.features(), history.labels());
                RidgeLearner single = history.learntOneByOne();
                assertClose(whole.weights(), single.weights(), 1e-9, "d " + d + ", n " + n + ", λ " + lambda);
                FeatureVector f = new FeatureVector(gaussians(random, d, 1), 0, 0);
                assertThat(whole.uncertainty(f))
                        .isCloseTo(single.uncertainty(f), relative(1e-9, single.uncertainty(f)));
                whole.learn(f, 1);
                single.learn(f, 1);
                assertClose(whole.weights(), single.weights(), 1e-9, "one more");
            }
        }
    }

    @Test
    void longHistoriesOfWideModelsAreSolvedAtOnceUnlessTheyAreIllConditioned() {
        Random random = Seeds.random("longHistories");
        int d = RidgeLearner.BATCH_FROM_DIMENSION;
        int n = RidgeLearner.BATCH_FROM_OBSERVATIONS_PER_DIMENSION * d;
        for (double scale : new double[] {1, 1000}) {
            History history = History.random(random, d, n, 1, scale);
            RidgeLearner whole =
                    RidgeLearner.ofHistory(history.prior(), history.noise(), history.features(), history.labels());
            boolean sameBits = java.util.Arrays.equals(
                    whole.weights(), history.learntOneByOne().weights());
            assertThat(sameBits)
                    .as("learnt one by one with features of size %s", scale)
                    .isEqualTo(scale > 1);
        }
    }

    @Test
    void withoutObservationsTheWeightsAreThePriorsMeanAndTheUncertaintyItsVariance() {
        Random random = Seeds.random("withoutObservations");
        Prior prior = gaussianPrior(random, 7, 2);
        RidgeLearner learner = RidgeLearner.atPrior(prior, 0.5);
        FeatureVector f = new FeatureVector(gaussians(random, 7, 1), 3, 0);
        double variance = PackedSymmetric.quadratic(prior.packedCovariance(), f.values());
        assertThat(learner.weights()).containsExactly(prior.mean());
        assertThat(learner.predict(f)).isEqualTo(f.score(prior.mean()));
        assertThat(learner.uncertainty(f)).isCloseTo(variance, relative(1e-12, variance));
        assertThat(learner.dimension()).isEqualTo(7);
    }

    @Test
    void anItemsOwnNoiseCountsAsNoise() {
        Prior prior = Prior.zero(1, 1);
        RidgeLearner quiet = RidgeLearner.atPrior(prior, 1);
        RidgeLearner noisy = RidgeLearner.atPrior(prior, 1);
        quiet.learn(new FeatureVector(new double[] {1}, 2, 0), 5);
        noisy.learn(new FeatureVector(new double[] {1}, 2, 1), 5);
        assertThat(quiet.weights()[0]).isCloseTo(3.0 / 2, within(1e-15));
        assertThat(noisy.weights()[0]).isCloseTo(3.0 / 3, within(1e-15));
    }

    @Test
    void weightsAreCopies() {
        RidgeLearner learner = RidgeLearner.atPrior(Prior.zero(2, 1), 1);
        learner.weights()[0] = 9;
        assertThat(learner.weights()).containsExactly(0, 0);
    }

    @Test
    void aLearnerLeavesItsPriorAlone() {
        Prior prior = Prior.mean(new double[] {1, 2}, 3);
        RidgeLearner learner = RidgeLearner.atPrior(prior, 1);
        learner.learn(new FeatureVector(new double[] {1, 1}, 0, 0), 5);
        assertThat(prior).isEqualTo(Prior.mean(new double[] {1, 2}, 3));
        assertThat(RidgeLearner.atPrior(prior, 1).weights()).containsExactly(1, 2);
    }

    @Test
    void whatCannotBeLearntIsRefusedAndChangesNothing() {
        RidgeLearner learner = RidgeLearner.atPrior(Prior.zero(2, 1), 1);
        FeatureVector good = new FeatureVector(new double[] {1, 1}, 0, 0);
        learner.learn(good, 1);
        double[] weights = learner.weights();
        double uncertainty = learner.uncertainty(good);

        assertThatThrownBy(() -> learner.learn(new FeatureVector(new double[3], 0, 0), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length 2, but have 3");
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertRefused(learner, good, bad);
            assertRefused(learner, new FeatureVector(new double[] {bad, 1}, 0, 0), 1);
            assertRefused(learner, new FeatureVector(new double[] {1, 1}, bad, 0), 1);
            assertRefused(learner, new FeatureVector(new double[] {1, 1}, 0, bad), 1);
        }
        assertRefused(learner, new FeatureVector(new double[] {1, 1}, 0, -0.1), 1);

        assertThat(learner.weights()).containsExactly(weights);
        assertThat(learner.uncertainty(good)).isEqualTo(uncertainty);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void noiseMustBePositiveAndFinite(double noise) {
        assertThatThrownBy(() -> RidgeLearner.atPrior(Prior.zero(1, 1), noise))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noise must be positive and finite, but got " + noise);
    }

    @Test
    void aHistoryWithoutALabelForEachItemIsRefused() {
        assertThatThrownBy(() -> RidgeLearner.ofHistory(Prior.zero(1, 1), 1, List.of(), new double[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 and 1");
    }

    @Test
    void theSizeIsThatOfItsArrays() {
        assertThat(RidgeLearner.atPrior(Prior.zero(50, 1), 1).sizeBytes()).isBetween(8L * (1275 + 100), 12_000L);
    }

    private static void assertRefused(RidgeLearner learner, FeatureVector f, double label) {
        assertThatThrownBy(() -> learner.learn(f, label))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance, String what) {
        double scale = 1;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("%s: weight %d", what, i).isCloseTo(expected[i], within(tolerance * scale));
        }
    }

    /** {@code fᵀ C f} with the covariance in the rows after the first, in a direction that is not nearly free of it. */
    private static void assertUncertainty(RidgeLearner learner, double[][] posterior, double[] f, double tolerance) {
        double expected = 0;
        for (int i = 0; i < f.length; i++) {
            for (int j = 0; j < f.length; j++) {
                expected += f[i] * posterior[1 + i][j] * f[j];
            }
        }
        assertThat(learner.uncertainty(new FeatureVector(f, 0, 0)))
                .as("uncertainty")
                .isCloseTo(expected, relative(tolerance, expected));
    }

    private static org.assertj.core.data.Offset<Double> relative(double tolerance, double expected) {
        return within(tolerance * Math.max(Math.abs(expected), 1e-300));
    }

    private static Prior anyPrior(Random random, int d, double variance) {
        return switch (random.nextInt(3)) {
            case 0 -> Prior.zero(d, variance);
            case 1 -> Prior.mean(gaussians(random, d, 1), variance);
            default -> gaussianPrior(random, d, variance);
        };
    }

    private static Prior gaussianPrior(Random random, int d, double variance) {
        double[] covariance = PackedSymmetric.diagonal(d, variance);
        for (int k = 0; k < 3; k++) {
            PackedSymmetric.addOuter(covariance, variance, gaussians(random, d, 1));
        }
        return Prior.gaussian(gaussians(random, d, 1), covariance);
    }

    private static double[] gaussians(Random random, int d, double scale) {
        return random.doubles(d).map(x -> random.nextGaussian() * scale).toArray();
    }

    /** Gives 0 for every normal number, but 1 for the k-th. */
    private static final class OneNormal implements RandomGenerator {
        private final int k;
        private int given;

        OneNormal(int k) {
            this.k = k;
        }

        @Override
        public double nextGaussian() {
            return given++ == k ? 1 : 0;
        }

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException("only normal numbers are drawn");
        }
    }
}
