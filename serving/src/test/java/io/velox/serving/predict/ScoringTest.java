package io.velox.serving.predict;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.Prior;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.items.ItemFilter;
import io.velox.serving.users.UserView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoringTest {
    private final long seed = Long.getLong("velox.seed", System.nanoTime());

    @Test
    void theBestOfTheCatalogueAreThoseOfBruteForceWhateverIsExcluded() {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Answering answering = randomAnswering(random);
            MatrixFactorModel model = (MatrixFactorModel) answering.version().model();
            List<Item> catalogue = catalogue(model);
            int k = 1 + random.nextInt(2 * catalogue.size());
            Set<Item> excluded = sample(random, catalogue);
            excluded.add(Item.ofId("not in the catalogue"));

            Scoring best = CatalogueRanking.best(answering, new Choice(k, excluded, ItemFilter.NONE));

            assertThat(best.items())
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(bruteForce(answering, catalogue, k, excluded));
        }
    }

    @Test
    void theBestOfAGivenSetAreThoseOfBruteForceInWhateverOrderItIsGiven() {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Answering answering = randomAnswering(random);
            MatrixFactorModel model = (MatrixFactorModel) answering.version().model();
            List<Item> given = new ArrayList<>(sample(random, catalogue(model)));
            given.addAll(sample(random, given));
            given.add(Item.ofId("unheard of"));
            Collections.shuffle(given, random);
            int k = 1 + random.nextInt(20);
            Set<Item> excluded = sample(random, given);
            excluded.remove(Item.ofId("unheard of"));

            Scoring best = Scoring.bestOf(answering, atHand(answering), given, k, excluded);

            assertThat(best.items())
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(bruteForce(answering, given, k, excluded));
            assertThat(best.unknown()).containsExactly(Item.ofId("unheard of"));
        }
    }

    @Test
    void tiesGoToTheSmallerItem() {
        Answering answering = answering(TestWorld.als(ALS_3), 0, 0, 0);

        List<Item> all = List.of(Item.ofId("30"), Item.ofId("21"), Item.ofId("29"), Item.ofId("3"));

        assertThat(Scoring.bestOf(answering, atHand(answering), all, 3, Set.of())
                        .items())
                .extracting(s -> s.item().text())
                .containsExactly("21", "29", "3");
    }

    @Test
    void aModelThatComputesFeaturesHasNoCatalogue() {
        Answering answering =
                Answering.in(TestWorld.loaded().get(TestWorld.LIN_1), new UserView(Optional.empty(), Optional.empty()));

        assertThatThrownBy(() -> CatalogueRanking.best(answering, new Choice(3, Set.of(), ItemFilter.NONE)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("items"));
    }

    /** Few distinct values, so that ties are common. */
    private static Answering randomAnswering(Random random) {
        int n = 1 + random.nextInt(60);
        FactorTable.Builder table = new FactorTable.Builder(3);
        for (int i = 0; i < n; i++) {
            table.add("i" + i, new float[] {random.nextInt(3), random.nextInt(2), 1}, random.nextInt(2), 0);
        }
        return answering(
                new MatrixFactorModel(ALS_3, table.build(), Prior.zero(3, 1), 1),
                random.nextInt(3) - 1,
                random.nextInt(3) - 1,
                random.nextDouble());
    }

    private static Answering answering(MatrixFactorModel model, double... weights) {
        return Answering.in(
                TestWorld.loaded(model),
                new UserView(
                        Optional.of(TestWorld.user("u", 1, TestWorld.weights(ALS_3, 1, weights))), Optional.empty()));
    }

    private static FeaturesAtHand atHand(Answering answering) {
        return new ModelFeatures(answering.version().model());
    }

    private static List<Item> catalogue(MatrixFactorModel model) {
        List<Item> items = new ArrayList<>();
        for (int row = 0; row < model.factors().size(); row++) {
            items.add(Item.ofId(model.factors().item(row)));
        }
        return items;
    }

    private static Set<Item> sample(Random random, List<Item> items) {
        Set<Item> sample = new HashSet<>();
        items.stream().filter(i -> random.nextInt(3) == 0).forEach(sample::add);
        return sample;
    }

    private static List<ScoredItem> bruteForce(Answering answering, List<Item> items, int k, Set<Item> excluded) {
        return items.stream()
                .distinct()
                .filter(i -> !excluded.contains(i))
                .flatMap(i ->
                        answering.version().model().features(i).stream().map(f -> scored(i, f, answering.weights())))
                .sorted(Comparator.comparingDouble(ScoredItem::score).reversed().thenComparing(s -> s.item()
                        .text()))
                .limit(k)
                .toList();
    }

    private static ScoredItem scored(Item item, FeatureVector f, double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * f.values()[i];
        }
        return new ScoredItem(item, f.offset() + sum);
    }
}
