package io.velox.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatalogueIndexTest {
    private final Random random = Seeds.random("CatalogueIndex");

    /** Values of one kind in each table: on a grid, so that scores tie; nearly equal; of all magnitudes; beyond float; none at all. */
    private enum Values {
        GRID,
        NORMAL,
        NEAR,
        SKEWED,
        EXTREME,
        TINY,
        ZERO;

        double draw(Random random) {
            return switch (this) {
                case GRID -> (random.nextInt(5) - 2) / 2.0;
                case NORMAL -> random.nextGaussian();
                case NEAR -> 1 + random.nextInt(4) * 0x1p-23; // too near for a sum in float to tell
                case SKEWED -> random.nextGaussian() * Math.exp(4 * random.nextGaussian());
                case EXTREME -> random.nextGaussian() * Math.pow(10, random.nextInt(78) - 39);
                case TINY -> random.nextGaussian() * Math.pow(10, -130 - random.nextInt(190));
                case ZERO -> 0;
            };
        }
    }

    private Values values() {
        return Values.values()[random.nextInt(Values.values().length)];
    }

    private FactorTable table(int n, int d, Values features, Values offsets) {
        FactorTable.Builder builder = new FactorTable.Builder(d);
        boolean hasBias = random.nextBoolean();
        float[] previous = new float[d];
        for (int i = 0; i < n; i++) {
            float[] row = previous.clone();
            if (random.nextInt(4) > 0) { // else the same once more
                for (int j = 0; j < d; j++) {
                    row[j] = hasBias && j == d - 1 ? 1 : (float) features.draw(random);
                }
            }
            builder.add("item-" + i * 7, row, (float) offsets.draw(random), 0);
            previous = row;
        }
        return builder.build();
    }

    private int rowsOfBlock() {
        return 1 + random.nextInt(random.nextBoolean() ? 8 : 1000);
    }

    private void check(FactorTable table, double[] weights) {
        int n = table.size();
        int k = 1 + random.nextInt(random.nextInt(10) == 0 ? n + 5 : 20);
        BitSet excluded = new BitSet();
        random.ints(random.nextInt(40), 0, n + 1).forEach(excluded::set);
        if (random.nextInt(5) == 0) { // the best of all
            for (int row : CatalogueScan.best(table, weights, 10, new BitSet()).rows()) {
                excluded.set(row);
            }
        }

        CatalogueIndex index = CatalogueIndex.of(table, PriorWidth.UNKNOWN, rowsOfBlock());
        Ranking expected = CatalogueScan.best(table, weights, k, excluded);
        assertSame(index.scan(weights, k, excluded), expected);
        assertSame(index.best(weights, k, excluded), expected);

        int[] some = random.ints(random.nextInt(n + 1), 0, n + 1)
                .filter(row -> row < n)
                .toArray(); // some of them twice
        BitSet others = new BitSet();
        others.set(0, n);
        Arrays.stream(some).forEach(others::clear);
        assertSame(index.bestOf(some, weights, k), CatalogueScan.best(table, weights, k, others));
    }

    private static void assertSame(Ranking found, Ranking expected) {
        assertThat(found.rows()).isEqualTo(expected.rows());
        assertThat(found.scores()).isEqualTo(expected.scores());
    }

    @Test
    void isTheRankingOfAllScoresToTheBit() {
        for (int trial = 0; trial < 10_000; trial++) {
            int d = trial < 3 * 257 ? 1 + trial % 257 : 1 + random.nextInt(12);
            int n = random.nextInt(trial % 50 == 0 ? 5_000 : 60);
            Values ofWeights = values();
            check(
                    table(n, d, values(), values()),
                    random.doubles(d).map(w -> ofWeights.draw(random)).toArray());
        }
    }

    /** Row by row in double, over the dimensions in which rows differ. */
    private static Ranking cosines(FactorTable table, int row, int k, BitSet excluded) {
        TopK best = new TopK(Math.min(k, Math.max(1, table.size())));
        int[] varying = IntStream.range(0, table.dimension())
                .filter(i -> IntStream.range(0, table.size())
                        .anyMatch(r -> table.features(r).values()[i]
                                != table.features(0).values()[i]))
                .toArray();
        for (int other = 0; other < table.size(); other++) {
            double product = 0;
            double own = 0;
            double others = 0;
            for (int i : varying) {
                double a = table.features(row).values()[i];
                double b = table.features(other).values()[i];
                product += a * b;
                own += a * a;
                others += b * b;
            }
            if (!excluded.get(other)) {
                best.offer(other, product / (Math.sqrt(own) * Math.sqrt(others)));
            }
        }
        return best.drain();
    }

    @Test
    void whatIsMostLikeAnItemIsFoundToTheBit() {
        for (int trial = 0; trial < 1_000; trial++) {
            int n = 1 + random.nextInt(60);
            FactorTable table = table(n, 1 + random.nextInt(12), values(), Values.NORMAL);
            int row = random.nextInt(n);
            int k = 1 + random.nextInt(20);
            BitSet excluded = new BitSet();
            excluded.set(row, random.nextBoolean());
            random.ints(random.nextInt(10), 0, n).forEach(excluded::set);

            Ranking expected = cosines(table, row, k, excluded);
            Ranking found =
                    CatalogueIndex.of(table, PriorWidth.UNKNOWN, rowsOfBlock()).similar(row, k, excluded);

            assertSame(found, expected);
        }
    }

    @Test
    void severalUsersInOnePassGetWhatEachWouldGetAlone() {
        for (int trial = 0; trial < 300; trial++) {
            int d = 1 + random.nextInt(12);
            FactorTable table = table(random.nextInt(300), d, values(), values());
            CatalogueIndex index = CatalogueIndex.of(table, PriorWidth.UNKNOWN, rowsOfBlock());
            List<Wanted> questions = new ArrayList<>();
            for (int user = random.nextInt(10); user > 0; user--) {
                Values ofWeights = values();
                BitSet excluded = new BitSet();
                random.ints(random.nextInt(40), 0, table.size() + 1).forEach(excluded::set);
                questions.add(new Wanted(
                        random.doubles(d).map(w -> ofWeights.draw(random)).toArray(),
                        1 + random.nextInt(20),
                        excluded));
            }

            List<Ranking> together = index.best(questions);

            assertThat(together).hasSameSizeAs(questions);
            for (int i = 0; i < questions.size(); i++) {
                Wanted wanted = questions.get(i);
                Ranking alone = CatalogueScan.best(table, wanted.weights(), wanted.k(), wanted.excluded());
                assertSame(together.get(i), alone);
            }
        }
    }

    private Prior prior(int d, Values ofMean) {
        double scale = Math.pow(10, random.nextInt(13) - 8);
        double[] covariance = PackedSymmetric.diagonal(d, scale / 100);
        for (int i = random.nextInt(d + 1); i >= 0; i--) { // often a few directions have most of the variance
            PackedSymmetric.addOuter(covariance, scale, random.doubles(d, -1, 1).toArray());
        }
        return Prior.gaussian(random.doubles(d).map(m -> ofMean.draw(random)).toArray(), covariance);
    }

    private RidgeLearner learnt(Prior prior) {
        RidgeLearner learner = RidgeLearner.atPrior(prior, 0.5);
        for (int i = random.nextInt(2 * prior.dimension()); i > 0; i--) {
            FeatureVector f =
                    new FeatureVector(random.doubles(prior.dimension(), -1, 1).toArray(), 0, 0);
            learner.learn(f, learner.predict(f) + random.nextGaussian());
        }
        return learner;
    }

    @Test
    void isTheRankingOfAllUpperConfidenceBoundsToTheBit() {
        for (int trial = 0; trial < 3_000; trial++) {
            int d = trial < 60 ? 1 + trial : 1 + random.nextInt(12);
            FactorTable table = table(random.nextInt(trial % 50 == 0 ? 2_000 : 60), d, values(), values());
            Prior prior = prior(d, random.nextBoolean() ? Values.NORMAL : Values.GRID);
            RidgeLearner learner = learnt(prior);
            double alpha = random.nextInt(5) == 0 ? 0 : Math.pow(10, random.nextInt(5) - 3) * random.nextDouble();
            UpperConfidence bound = new UpperConfidence(learner, alpha);
            int k = 1 + random.nextInt(20);
            BitSet excluded = new BitSet();
            random.ints(random.nextInt(40), 0, table.size() + 1).forEach(excluded::set);
            CatalogueIndex index = CatalogueIndex.of(
                    table, random.nextBoolean() ? PriorWidth.UNKNOWN : PriorWidth.of(prior), rowsOfBlock());

            Ranking expected = CatalogueScan.best(table, bound, k, excluded);
            Ranking found = index.best(bound, index.widthBound(learner), k, excluded);

            assertSame(found, expected);
        }
    }

    @Test
    void fewItemsAreScoredWhereNormsAreSkewed() {
        FactorTable table = table(50_000, 16, Values.SKEWED, Values.ZERO);
        CatalogueIndex index = CatalogueIndex.of(table);

        assertThat(index.passedOver(random.doubles(16, -1, 1).toArray(), 10, new BitSet()))
                .isGreaterThan(0.5);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        FactorTable table =
                new FactorTable.Builder(1).add("a", new float[] {1}, 0, 0).build();
        assertThatThrownBy(() -> CatalogueIndex.of(table).best(new double[1], 0, new BitSet()))
                .hasMessage("k must be at least 1, but got 0");
        assertThatThrownBy(() -> CatalogueIndex.of(table).best(new double[2], 1, new BitSet()))
                .hasMessage("weights must have length 1, but have 2");
        assertThatThrownBy(() -> CatalogueIndex.of(table).bestOf(new int[] {0}, new double[2], 1))
                .hasMessage("weights must have length 1, but have 2");
    }
}
