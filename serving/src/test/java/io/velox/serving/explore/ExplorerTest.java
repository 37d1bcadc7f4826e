package io.velox.serving.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Impression.Policy;
import io.velox.core.model.Item;
import io.velox.core.model.Prior;
import io.velox.core.topk.CatalogueIndex;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.predict.Exposure;
import io.velox.serving.predict.ScoredItem;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplorerTest {
    private static final int ITEMS = 12;
    private static final int D = 4;

    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Prior prior = Prior.mean(random.doubles(D, -1, 1).toArray(), 0.3);
    private final RidgeLearner learner = RidgeLearner.atPrior(prior, 0.5);
    private final FactorTable table = table();
    private final CatalogueIndex catalogue = CatalogueIndex.of(table, prior);
    private final Explorer explorer = new Explorer(learner.weights(), Optional.of(learner), random);

    @BeforeEach
    void sayTheSeed() {
        System.out.println("velox.seed=" + seed);
    }

    private FactorTable table() {
        FactorTable.Builder builder = new FactorTable.Builder(D);
        for (int i = 0; i < ITEMS; i++) {
            float[] features = new float[D];
            for (int j = 0; j < D; j++) {
                features[j] = (float) random.nextGaussian();
            }
            builder.add(String.format("%02d", i), features, random.nextFloat(), 0);
        }
        return builder.build();
    }

    private Candidates all(Set<Integer> excluded) {
        BitSet rows = new BitSet();
        excluded.forEach(rows::set);
        return new CatalogueCandidates(catalogue, rows, () -> catalogue.widthBound(learner));
    }

    /** The same rows as given items. */
    private Candidates given(Set<Integer> excluded) {
        FeaturesAtHand features = new FeaturesAtHand() {
            @Override
            public OptionalDouble score(Item item, double[] weights) {
                throw new AssertionError("not asked for");
            }

            @Override
            public Optional<FeatureVector> features(Item item) {
                int row = table.row(item.text());
                return row < 0 ? Optional.empty() : Optional.of(table.features(row));
            }
        };
        List<Item> items = IntStream.range(0, ITEMS)
                .map(i -> ITEMS - 1 - i)
                .mapToObj(row -> Item.ofId(table.item(row)))
                .toList();
        Set<Item> without = new HashSet<>();
        excluded.forEach(row -> without.add(Item.ofId(table.item(row))));
        return GivenCandidates.of(items, features, without);
    }

    private static Exposure exposure(ScoredItem item) {
        return item.exposure().orElseThrow();
    }

    private static List<Item> items(List<ScoredItem> list) {
        return list.stream().map(ScoredItem::item).toList();
    }

    @Test
    void greedyIsTheBestByScoreWithoutChance() {
        List<ScoredItem> list = explorer.choose(new Exploration.Greedy(), all(Set.of(3)), 5);

        assertThat(list).hasSize(5);
        for (int i = 0; i < 5; i++) {
            ScoredItem item = list.get(i);
            assertThat(exposure(item)).isEqualTo(new Exposure(Policy.GREEDY, false, 1));
            assertThat(item.score()).isEqualTo(table.score(table.row(item.item().text()), learner.weights()));
            assertThat(i == 0 || item.score() <= list.get(i - 1).score()).isTrue();
        }
        assertThat(items(list)).isEqualTo(items(explorer.choose(new Exploration.Greedy(), given(Set.of(3)), 5)));
    }

    @Test
    void epsilonShowsEachItemAsOftenAsItsPropensitySays() {
        Map<List<Item>, Integer> lists = new HashMap<>();
        Map<List<Item>, Double> expected = new HashMap<>();
        int trials = 40_000;
        for (int trial = 0; trial < trials; trial++) {
            List<ScoredItem> list = explorer.choose(new Exploration.Epsilon(0.4), all(Set.of(0, 5)), 2);
            lists.merge(items(list), 1, Integer::sum);
            expected.put(
                    items(list),
                    list.stream()
                            .mapToDouble(item -> exposure(item).propensity())
                            .reduce(1, (a, b) -> a * b));
        }
        // Of a list, the product of its places' propensities is how often it comes; and nothing else ever comes.
        assertThat(expected.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(0.01));
        lists.forEach((list, count) -> {
            double p = expected.get(list);
            double deviation = Math.sqrt(p * (1 - p) * trials);
            assertThat((double) count).as("%s with %s", list, p).isCloseTo(p * trials, within(5 * deviation + 1));
        });
        assertThat(lists.keySet()).allSatisfy(list -> assertThat(list)
                .doesNotHaveDuplicates()
                .doesNotContain(Item.ofId(table.item(0)), Item.ofId(table.item(5))));
    }

    @Test
    void whatEpsilonDrewUniformlyIsOfTheValidationPool() {
        Set<Item> drawn = new HashSet<>();
        for (int trial = 0; trial < 300; trial++) {
            for (ScoredItem item : explorer.choose(new Exploration.Epsilon(0.5), given(Set.of(1)), 4)) {
                assertThat(exposure(item).policy())
                        .isEqualTo(exposure(item).isExplored() ? Policy.UNIFORM : Policy.EPSILON);
                if (exposure(item).isExplored()) {
                    drawn.add(item.item());
                }
            }
        }
        assertThat(drawn).hasSize(ITEMS - 1);
    }

    @Test
    void epsilonShowsAllThatThereIsAndNoMore() {
        for (double epsilon : new double[] {0, 0.5, 1}) {
            for (Candidates candidates : List.of(all(Set.of(2)), given(Set.of(2)))) {
                assertThat(items(explorer.choose(new Exploration.Epsilon(epsilon), candidates, 100)))
                        .hasSize(ITEMS - 1)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void ucbFlagsWhatIsNotAmongTheBestByScore() {
        Set<Item> best = new HashSet<>(items(explorer.choose(new Exploration.Greedy(), all(Set.of()), 4)));
        Set<Boolean> flags = new HashSet<>();
        for (double alpha : new double[] {0, 1, 20}) {
            List<ScoredItem> list = explorer.choose(new Exploration.Ucb(alpha), all(Set.of()), 4);
            assertThat(items(list)).isEqualTo(items(explorer.choose(new Exploration.Ucb(alpha), given(Set.of()), 4)));
            for (ScoredItem item : list) {
                assertThat(exposure(item)).isEqualTo(new Exposure(Policy.UCB, !best.contains(item.item()), 1));
                flags.add(exposure(item).isExplored());
            }
            assertThat(alpha > 0 || new HashSet<>(items(list)).equals(best)).isTrue();
        }
        assertThat(flags).contains(false);
    }

    @Test
    void thompsonEstimatesHowOftenAnItemIsDrawn() {
        int trials = 4_000;
        Map<Item, Integer> shown = new HashMap<>();
        for (int trial = 0; trial < trials; trial++) {
            items(explorer.choose(new Exploration.Thompson(0), all(Set.of()), 3))
                    .forEach(item -> shown.merge(item, 1, Integer::sum));
        }
        for (ScoredItem item : explorer.choose(new Exploration.Thompson(trials), given(Set.of()), 3)) {
            double share = shown.getOrDefault(item.item(), 0) / (double) trials;
            assertThat(exposure(item).propensity()).isCloseTo(share, within(0.06));
            assertThat(exposure(item).policy()).isEqualTo(Policy.THOMPSON);
        }
        assertThat(shown).hasSizeGreaterThan(3);
    }
}
