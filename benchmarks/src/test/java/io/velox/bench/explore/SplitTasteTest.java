package io.velox.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitTasteTest {
    @Test
    void policiesAssumeTheMeanAndTheCovarianceOfTheUsers() {
        Prior prior = new SplitTaste(1, 1, 1).prior();
        SplittableRandom random = new SplittableRandom(1);
        int d = prior.dimension();
        int n = 200_000;
        double[] sums = new double[d];
        double[][] products = new double[d][d];
        for (int user = 0; user < n; user++) {
            double[] weights = SplitTaste.weights(random);
            for (int i = 0; i < d; i++) {
                sums[i] += weights[i];
                for (int j = 0; j < d; j++) {
                    products[i][j] += weights[i] * weights[j];
                }
            }
        }
        for (int i = 0; i < d; i++) {
            assertThat(sums[i] / n).isCloseTo(prior.mean()[i], within(0.02));
            for (int j = 0; j < d; j++) {
                assertThat(products[i][j] / n - sums[i] / n * sums[j] / n)
                        .isCloseTo(prior.covariance()[i][j], within(0.02));
            }
        }
    }

    @Test
    void everyRoundOffersDifferentItemsOfBothKinds() {
        List<List<Round>> users = new SplitTaste(3, 50, 20).users(1);
        assertThat(users).hasSize(3).allMatch(rounds -> rounds.size() == 50);
        for (Round round : users.get(2)) {
            assertThat(new HashSet<>(round.candidates())).hasSize(20);
        }
        assertThat(users.get(0).stream()
                        .flatMap(round -> round.candidates().stream())
                        .mapToDouble(item -> item.values()[4])
                        .average())
                .hasValueCloseTo(0.5, within(0.06));
    }

    @Test
    void aWorldOfAVersionHasItsPriorAndItsNoise() {
        FactorTable items = new FactorTable.Builder(1)
                .add("a", new float[] {1}, 3, 0.5f)
                .add("b", new float[] {2}, 4, 0)
                .build();
        MatrixFactorModel model =
                new MatrixFactorModel(new ModelVersion("als", 1), items, Prior.mean(new double[] {0.5}, 0.25), 0.8);
        double worth = 0;
        double squares = 0;
        double noise = 0;
        int n = 20_000;
        for (List<Round> rounds : new AsAssumed(model, n, 1, 2).users(3)) {
            Round round = rounds.get(0);
            for (int i = 0; i < 2; i++) {
                FeatureVector item = round.candidates().get(i);
                if (item.offset() == 3) {
                    double weight = round.values()[i] - 3;
                    worth += weight;
                    squares += (weight - 0.5) * (weight - 0.5);
                    noise += Math.pow(round.labels()[i] - round.values()[i], 2);
                }
            }
        }
        assertThat(worth / n).isCloseTo(0.5, within(0.02));
        assertThat(squares / n).isCloseTo(0.25, within(0.02));
        assertThat(noise / n).isCloseTo(1.3, within(0.06));
    }
}
