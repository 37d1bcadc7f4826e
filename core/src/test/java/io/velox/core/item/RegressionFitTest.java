package io.velox.core.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegressionFitTest {
    private static final int DIMENSION = 3;
    private static final Prior USERS = Prior.mean(new double[] {0.5, -0.5, 0}, 0.3);

    /** Items of one or more of six genres, which make their vectors but for noise. */
    private static List<TrainedItem> items(Random random, int n, double noise) {
        double[][] truth = new double[6][DIMENSION];
        for (double[] row : truth) {
            for (int j = 0; j < DIMENSION; j++) {
                row[j] = random.nextGaussian();
            }
        }
        List<TrainedItem> items = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<String> genres = new ArrayList<>();
            double[] vector = {1, 0, 3};
            for (int g = 0; g < truth.length; g++) {
                if (g == i % truth.length || random.nextInt(4) == 0) {
                    genres.add("g" + g);
                    for (int j = 0; j < DIMENSION; j++) {
                        vector[j] += truth[g][j];
                    }
                }
            }
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] += noise * random.nextGaussian();
            }
            items.add(new TrainedItem(genres(genres), vector, 1 + random.nextInt(50)));
        }
        return items;
    }

    private static Metadata genres(List<String> genres) {
        return new Metadata(new TreeMap<>(Map.of("genre", genres)));
    }

    @Test
    void itsCoefficientsAreThoseOfAFreshSolveOfTheWeightedRidgeRegression() {
        List<TrainedItem> items = items(Seeds.random("itsCoefficients"), 300, 0.5);
        RegressionFit fit = RegressionFit.of(items, USERS, 1).orElseThrow();
        FactorRegression found = fit.regression();
        int p = found.vocabulary().size();
        double mean = items.stream().mapToLong(TrainedItem::ratings).average().orElseThrow();
        double[][] gram = new double[p + 1][p + 1];
        double[][] moment = new double[p + 1][DIMENSION];
        for (TrainedItem item : items) {
            double[] x = new double[p + 1];
            SparseInputs inputs = found.vocabulary().encode(item.metadata());
            for (int i = 0; i < inputs.places().length; i++) {
                x[inputs.places()[i]] = inputs.values()[i];
            }
            x[p] = 1;
            for (int i = 0; i <= p; i++) {
                for (int j = 0; j <= p; j++) {
                    gram[i][j] += item.ratings() / mean * x[i] * x[j];
                }
                for (int j = 0; j < DIMENSION; j++) {
                    moment[i][j] += item.ratings() / mean * x[i] * item.vector()[j];
                }
            }
        }
        for (int i = 0; i < p; i++) {
            gram[i][i] += fit.penalty();
        }
        double[][] expected = DenseSolve.solve(gram, moment);
        for (int i = 0; i < p; i++) {
            assertThat(found.coefficients()[i]).containsExactly(expected[i], within(1e-8));
        }
        assertThat(found.intercept()).containsExactly(expected[p], within(1e-8));
    }

    @Test
    void whatTheMetadataSayIsFoundAndTheRestIsTheResidualCovariance() {
        double noise = 0.4;
        List<TrainedItem> items = items(Seeds.random("whatTheMetadataSay"), 2000, noise);
        RegressionFit fit = RegressionFit.of(items.subList(0, 1500), USERS, 1).orElseThrow();
        assertThat(fit.explained()).isBetween(0.7, 1.0);
        double[][] residual =
                fit.regression().guess(items.get(0).metadata()).vector().covariance();
        double square = 0;
        for (TrainedItem item : items.subList(1500, 2000)) {
            double[] guess = fit.regression().guess(item.metadata()).vector().mean();
            for (int j = 0; j < DIMENSION; j++) {
                square += Math.pow(item.vector()[j] - guess[j], 2) / (500 * DIMENSION);
            }
        }
        assertThat(square).isCloseTo(noise * noise, within(0.25 * noise * noise));
        for (int i = 0; i < DIMENSION; i++) {
            assertThat(residual[i][i]).isCloseTo(noise * noise, within(0.25 * noise * noise));
        }
    }

    @Test
    void metadataThatSayNothingAreGivenNoWeight() {
        Random random = Seeds.random("metadataThatSayNothing");
        List<TrainedItem> items = new ArrayList<>();
        for (TrainedItem item : items(random, 500, 0.5)) {
            items.add(new TrainedItem(genres(List.of("g" + random.nextInt(6))), item.vector(), item.ratings()));
        }
        RegressionFit fit = RegressionFit.of(items, USERS, 1).orElseThrow();
        assertThat(fit.explained()).isCloseTo(0, within(0.05));
        double[] mean = fit.regression().guess(Metadata.NONE).vector().mean();
        for (int g = 0; g < 6; g++) {
            double[] guess =
                    fit.regression().guess(genres(List.of("g" + g))).vector().mean();
            assertThat(guess).containsExactly(mean, within(0.5));
        }
    }

    @Test
    void anItemOfWhichNothingKnownIsSaidIsAverage() {
        List<TrainedItem> items = items(Seeds.random("anItemOfWhichNothing"), 100, 0.1);
        FactorRegression regression =
                RegressionFit.of(items, USERS, 1).orElseThrow().regression();
        double[] sum = new double[DIMENSION];
        double weight = 0;
        for (TrainedItem item : items) {
            weight += item.ratings();
            for (int j = 0; j < DIMENSION; j++) {
                sum[j] += item.ratings() * item.vector()[j];
            }
        }
        for (Metadata unknown : List.of(Metadata.NONE, new Metadata(new TreeMap<>(Map.of("unheard", List.of("x")))))) {
            FeatureVector features = regression.features(unknown).orElseThrow();
            assertThat(features.values())
                    .containsExactly(new double[] {sum[0] / weight, sum[1] / weight, 1}, within(1e-9));
            assertThat(features.offset()).isCloseTo(sum[2] / weight, within(1e-9));
            assertThat(features.noise())
                    .isGreaterThan(regression
                            .features(items.get(0).metadata())
                            .orElseThrow()
                            .noise());
        }
    }

    @Test
    void anItemWithoutAFieldIsLikeThoseThatTrainingSawWithoutIt() {
        Random random = Seeds.random("anItemWithoutAField");
        List<TrainedItem> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean isTagged = i % 2 == 0;
            double[] vector = {0, 0, (isTagged ? 4 : 2) + 0.1 * random.nextGaussian()};
            items.add(new TrainedItem(isTagged ? genres(List.of("g" + i % 6)) : Metadata.NONE, vector, 5));
        }
        FactorRegression regression =
                RegressionFit.of(items, USERS, 1).orElseThrow().regression();
        assertThat(regression.features(Metadata.NONE).orElseThrow().offset()).isCloseTo(2, within(0.1));
        assertThat(regression.features(genres(List.of("g0"))).orElseThrow().offset())
                .isCloseTo(4, within(0.1));
        assertThat(regression.features(genres(List.of("unheard"))).orElseThrow().offset())
                .isBetween(2.5, 4.1);
    }

    @Test
    void withoutInputsEveryItemIsAverage() {
        List<TrainedItem> items = new ArrayList<>();
        for (TrainedItem item : items(Seeds.random("withoutInputs"), 40, 0.1)) {
            items.add(new TrainedItem(Metadata.NONE, item.vector(), item.ratings()));
        }
        RegressionFit fit = RegressionFit.of(items, USERS, 1).orElseThrow();
        assertThat(fit.regression().vocabulary().size()).isZero();
        assertThat(fit.regression().features(Metadata.NONE)).isPresent();
    }

    @Test
    void ratingsImproveAGuess() {
        List<TrainedItem> items = items(Seeds.random("ratingsImproveAGuess"), 200, 0.4);
        FactorRegression regression =
                RegressionFit.of(items, USERS, 1).orElseThrow().regression();
        Metadata metadata = items.get(0).metadata();
        ItemEvidence evidence = ItemEvidence.of(DIMENSION, List.of(new ItemRating(new double[] {1, 0.5, 0.2}, 5, 0.3)));
        FeatureVector guessed = regression.features(metadata).orElseThrow();
        FeatureVector improved = regression.features(metadata, evidence).orElseThrow();
        double[] weights = {1, 0.5, 0.2};
        assertThat(Math.abs(5 - improved.score(weights))).isLessThan(Math.abs(5 - guessed.score(weights)));
        assertThat(improved.noise()).isLessThan(guessed.noise());
    }

    @Test
    void fewItemsGiveNone() {
        List<TrainedItem> items = items(Seeds.random("fewItems"), RegressionFit.MIN_ITEMS, 0.1);
        assertThat(RegressionFit.of(items, USERS, 1)).isPresent();
        assertThat(RegressionFit.of(items.subList(1, items.size()), USERS, 1)).isEmpty();
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        List<TrainedItem> items = items(Seeds.random("isReadAsItWasWritten"), 60, 0.3);
        FactorRegression written =
                RegressionFit.of(items, USERS, 1).orElseThrow().regression();
        FactorRegression read = RecordCodec.read(RecordCodec.write(written), FactorRegression.class);
        assertThat(RecordCodec.write(read)).isEqualTo(RecordCodec.write(written));
        for (TrainedItem item : items) {
            assertThat(read.guess(item.metadata())).isEqualTo(written.guess(item.metadata()));
            assertThat(read.features(item.metadata()).orElseThrow().noise())
                    .isEqualTo(written.features(item.metadata()).orElseThrow().noise());
        }
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        MetadataVocabulary vocabulary = MetadataVocabulary.of(List.of());
        double[] packed = {1, 0, 1};
        assertThatThrownBy(() -> regression(2, vocabulary, new double[2], new double[0][], packed))
                .hasMessage("format must be from 1 to 1, but is 2");
        assertThatThrownBy(() -> regression(1, vocabulary, new double[3], new double[0][], packed))
                .hasMessage("intercept must have length 2, but has 3");
        assertThatThrownBy(() -> regression(1, vocabulary, new double[2], new double[1][2], packed))
                .hasMessage("coefficients must have a row for each of 0 inputs, but have 1");
        assertThatThrownBy(() -> regression(1, vocabulary, new double[] {Double.NaN, 0}, new double[0][], packed))
                .hasMessage("intercept must be finite, but holds NaN");
        assertThatThrownBy(() -> regression(1, vocabulary, new double[2], new double[0][], new double[] {1, 2, 1}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static FactorRegression regression(
            int format, MetadataVocabulary vocabulary, double[] intercept, double[][] coefficients, double[] residual) {
        return new FactorRegression(
                format, vocabulary, Prior.zero(2, 1), intercept, coefficients, residual, new double[3]);
    }
}
