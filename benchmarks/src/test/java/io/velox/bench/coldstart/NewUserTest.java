package io.velox.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.bench.data.RatingTable;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewUserTest {
    private static final NewUser.Sizes SIZES = new NewUser.Sizes(6, 3, 8);

    private final RatingTable table = RatingTable.of(new SyntheticDataSet(0.001, 42));
    private final MatrixFactorModel model = everySecondItem();

    /** An item's features are its number in the table and the constant 1, so that a rating tells its item. */
    private MatrixFactorModel everySecondItem() {
        FactorTable.Builder items = new FactorTable.Builder(2);
        for (int i = 0; i < table.items().size(); i += 2) {
            items.add(table.items().get(i), new float[] {i, 1}, 0, 0);
        }
        return new MatrixFactorModel(new ModelVersion("als", 1), items.build(), Prior.zero(2, 1), 1);
    }

    @Test
    void theRatingsOfItemsThatTheVersionKnowsAreSplitAndTheOthersLeftOut() {
        int counted = 0;
        for (int user = 0; user < table.users(); user++) {
            Set<Integer> known = new HashSet<>();
            for (int row = table.start(user); row < table.start(user + 1); row++) {
                int item = table.items().indexOf(table.item(row));
                if (item % 2 == 0) {
                    known.add(item);
                }
            }
            var split = NewUser.of(model, table, user, SIZES, 5);
            assertThat(split.isPresent()).isEqualTo(known.size() >= 9);
            if (split.isPresent()) {
                counted++;
                assertThat(split.get().learnt()).hasSize(6);
                assertThat(split.get().tested()).hasSize(Math.min(8, known.size() - 6));
                List<Integer> used = new ArrayList<>(items(split.get().learnt()));
                used.addAll(items(split.get().tested()));
                assertThat(used).doesNotHaveDuplicates().isSubsetOf(known);
            }
        }
        assertThat(counted).isPositive();
    }

    @Test
    void aSeedIsAnOrder() {
        NewUser one = anybody(1);
        assertThat(items(one.learnt())).isEqualTo(items(anybody(1).learnt()));
        assertThat(items(one.learnt())).isNotEqualTo(items(anybody(2).learnt()));
    }

    @Test
    void errorsAreThoseOfALearnerWhoKnowsSoMany() {
        NewUser user = anybody(3);
        Prior prior = Prior.mean(new double[] {0.01, 3}, 0.2);
        List<Integer> after = List.of(0, 2, 6);
        double[] sums = user.squaredErrors(prior, 0.7, after);
        for (int i = 0; i < sums.length; i++) {
            List<NewUser.Rated> known = user.learnt().subList(0, after.get(i));
            List<FeatureVector> features =
                    known.stream().map(NewUser.Rated::features).toList();
            RidgeLearner learner = RidgeLearner.ofHistory(
                    prior,
                    0.7,
                    features,
                    known.stream().mapToDouble(NewUser.Rated::label).toArray());
            double sum = user.tested().stream()
                    .mapToDouble(rated -> Math.pow(rated.label() - learner.predict(rated.features()), 2))
                    .sum();
            assertThat(sums[i]).isCloseTo(sum, within(1e-9 * sum));
        }
    }

    private NewUser anybody(long seed) {
        for (int user = 0; user < table.users(); user++) {
            var split = NewUser.of(model, table, user, SIZES, seed);
            if (split.isPresent()) {
                return split.get();
            }
        }
        throw new IllegalStateException("nobody has enough ratings");
    }

    private static List<Integer> items(List<NewUser.Rated> ratings) {
        return ratings.stream().map(rated -> (int) rated.features().values()[0]).toList();
    }
}
