package io.velox.job.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.learn.LossStatistics;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.UserWeights;
import io.velox.job.Seeds;
import io.velox.job.TestModels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserLearnerTest {
    private static final ModelVersion ALS_1 = new ModelVersion("als", 1);
    private static final ModelVersion ALS_2 = new ModelVersion("als", 2);
    private static final ModelVersion LINEAR = new ModelVersion("linear", 1);
    private static final long BIG_CACHE = 1 << 20;

    private final RandomGenerator random = Seeds.random();
    private final VeloxModel als1 = TestModels.factors(ALS_1, 6, ids(0, 20), random);
    private final VeloxModel als2 = TestModels.factors(ALS_2, 4, ids(10, 30), random);
    private final VeloxModel linear = TestModels.linear(LINEAR, 3, random);
    private final LearningUser user = new LearningUser(BIG_CACHE);

    /** With room for every covariance, for one of them, and for none: what is cached must not matter. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 900, 1})
    void anyHistoryComesToTheBatchSolutionInEveryLoadedVersion(long cacheBytes) {
        for (int run = 0; run < 12; run++) {
            LearningUser one = new LearningUser(cacheBytes);
            List<VeloxModel> loaded = new ArrayList<>(List.of(als1));
            for (int step = 0; step < 60; step++) {
                takeStep(one, loaded);
                one.check(loaded);
                assertThat(one.model().weights()).hasSizeLessThanOrEqualTo(loaded.size());
            }
        }
    }

    private void takeStep(LearningUser one, List<VeloxModel> loaded) {
        Item item = random.nextInt(4) == 0
                ? Item.ofJson(RecordCodec.mapper().valueToTree(new double[] {random.nextInt(5), 2, random.nextInt(3)}))
                : Item.ofId("i" + random.nextInt(40));
        switch (random.nextInt(16)) {
            case 0 -> {
                one.apply(new UserRecord.Withdrawn("u", item), loaded);
                one.expected.remove(item);
            }
            case 1 -> {
                if (!one.expected.isEmpty()) {
                    Item known = anyOf(one.expected.keySet());
                    one.apply(new UserRecord.Withdrawn("u", known), loaded);
                    one.expected.remove(known);
                }
            }
            case 2 -> one.apply(new UserRecord.Rebased("u", "als", 2, "models/als/2/manifest.json"), loaded);
            case 3 -> {
                if (random.nextInt(4) == 0) {
                    one.apply(new UserRecord.Forgotten("u"), loaded);
                    one.expected.clear();
                }
            }
            case 4 -> {
                VeloxModel other = anyOf(List.of(als1, als2, linear));
                if (!loaded.remove(other)) {
                    loaded.add(other);
                }
                one.apply(new UserRecord.Rebased("u", "als", 1, "models/als/1/manifest.json"), loaded);
            }
            case 5 -> {
                String id = "retry-" + random.nextInt(1_000_000);
                double label = random.nextDouble(5);
                one.observe(item, label, id, loaded);
                assertThat(one.observe(item, label, id, loaded).learnt()).isNull();
                one.expected.put(item, label);
            }
            case 6 -> {
                if (!one.expected.isEmpty()) {
                    Item known = anyOf(one.expected.keySet());
                    double label = random.nextDouble(5);
                    one.observe(known, label, null, loaded);
                    one.expected.put(known, label);
                }
            }
            default -> {
                double label = random.nextDouble(5);
                one.observe(item, label, null, loaded);
                one.expected.put(item, label);
            }
        }
        if (!one.isKnown()) {
            one.observe(item, 3, null, loaded);
            one.expected.put(item, 3.0);
        }
    }

    @Test
    void theOrderOfObservationsDoesNotMatter() {
        List<Integer> order = new ArrayList<>(IntStream.range(0, 30).boxed().toList());
        double[] labels = random.doubles(30, 0, 5).toArray();
        List<double[]> results = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            LearningUser one = new LearningUser(BIG_CACHE);
            order.forEach(i -> one.observe(Item.ofId("i" + i), labels[i], null, List.of(als1, als2)));
            results.add(weights(one, ALS_1).weights());
            results.add(weights(one, ALS_2).weights());
            Collections.shuffle(order, new Random(random.nextLong()));
        }
        for (int run = 1; run < 4; run++) {
            assertThat(results.get(2 * run)).containsExactly(results.get(0), within(1e-10));
            assertThat(results.get(2 * run + 1)).containsExactly(results.get(1), within(1e-10));
        }
    }

    @Test
    void replacingARatingUndoesTheFirstOneExactly() {
        LearningUser other = new LearningUser(BIG_CACHE);
        for (LearningUser one : List.of(user, other)) {
            rate(one, "i1", 4);
            rate(one, "i2", one == user ? 1 : 5);
            rate(one, "i3", 2);
        }
        rate(user, "i2", 5);
        assertThat(weights(user, ALS_1).weights())
                .containsExactly(weights(other, ALS_1).weights(), within(1e-12));
        assertThat(user.model().historySize()).isEqualTo(3);
    }

    @Test
    void withdrawingARatingUndoesItExactly() {
        rate(user, "i1", 4);
        double[] before = weights(user, ALS_1).weights();
        rate(user, "i2", 1);
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i2")), List.of(als1));
        assertThat(weights(user, ALS_1).weights()).containsExactly(before, within(1e-15));
        assertThat(weights(user, ALS_1).observations()).isEqualTo(1);
    }

    @Test
    void withdrawingWhatWasNeverRatedOnlyAdvancesTheRevision() {
        rate(user, "i1", 4);
        double[] before = weights(user, ALS_1).weights();
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i9")), List.of(als1));
        assertThat(weights(user, ALS_1).weights()).isEqualTo(before);
        assertThat(user.model().historySize()).isEqualTo(1);
    }

    @Test
    void aRetriedObservationIsLearntOnce() {
        Outcome first = user.observe(Item.ofId("i1"), 4, "request-7", List.of(als1));
        Outcome again = user.observe(Item.ofId("i1"), 4, "request-7", List.of(als1));
        assertThat(first.learnt()).isNotNull();
        assertThat(again.learnt()).isNull();
        assertThat(again.losses()).isEmpty();
        assertThat(again.model().revision().offset())
                .isGreaterThan(first.model().revision().offset());
        assertThat(weights(user, ALS_1).observations()).isEqualTo(1);
        assertThat(weights(user, ALS_1).loss().count()).isEqualTo(1);
    }

    @Test
    void everyObservationIsJudgedBeforeItIsLearnt() {
        double expected = 0;
        for (int i = 0; i < 10; i++) {
            double[] before =
                    i == 0 ? als1.prior().mean() : weights(user, ALS_1).weights();
            double prediction = als1.features(Item.ofId("i" + i)).orElseThrow().score(before);
            expected += (i - prediction) * (i - prediction);
            Outcome outcome = rate(user, "i" + i, i);
            assertThat(outcome.losses()).hasSize(1);
        }
        assertThat(weights(user, ALS_1).loss().sum()).isCloseTo(expected, within(1e-9 * expected));
        assertThat(weights(user, ALS_1).loss().count()).isEqualTo(10);
    }

    @Test
    void anItemThatNoVersionKnowsIsKeptAndCountsOnceAVersionKnowsIt() {
        Outcome outcome = rate(user, "i25", 5);
        assertThat(outcome.learnt()).isNotNull();
        assertThat(outcome.losses()).isEmpty();
        assertThat(outcome.unknown()).containsExactly(ALS_1);
        assertThat(rate(user, "i25", 4).unknown()).as("again").containsExactly(ALS_1);
        rate(user, "i25", 5);
        assertThat(weights(user, ALS_1).observations()).isZero();
        assertThat(weights(user, ALS_1).weights()).isEqualTo(als1.prior().mean());
        user.expected.put(Item.ofId("i25"), 5.0);
        user.apply(new UserRecord.Rebased("u", "als", 2, "models/als/2/manifest.json"), List.of(als1, als2));
        assertThat(weights(user, ALS_2).observations()).isEqualTo(1);
        user.check(List.of(als1, als2));
    }

    @Test
    void rebasedUsersBeginTheirLossAnewInTheNewVersion() {
        rate(user, "i12", 5);
        user.apply(new UserRecord.Rebased("u", "als", 2, "models/als/2/manifest.json"), List.of(als1, als2));
        assertThat(weights(user, ALS_2).loss()).isEqualTo(LossStatistics.NONE);
        assertThat(weights(user, ALS_1).loss().count()).isEqualTo(1);
    }

    @Test
    void versionsThatAreNotLoadedAnyMoreAreLeftBehind() {
        user.observe(Item.ofId("i12"), 5, null, List.of(als1, als2));
        user.observe(Item.ofId("i13"), 5, null, List.of(als2));
        assertThat(user.model().weights()).extracting(UserWeights::version).containsExactly(ALS_2);
    }

    /** With another model beside it, of which the user has nothing. */
    @Test
    void aVersionThatComesBackKnowsNothingOfWhatWasWithdrawnMeanwhile() {
        VeloxModel als3 = TestModels.factors(new ModelVersion("als", 3), 5, ids(0, 20), random);
        user.observe(Item.ofId("i12"), 5, null, List.of(als1, als2, linear));
        user.apply(new UserRecord.Rebased("u", "als", 3, "models/als/3/manifest.json"), List.of(als2, als3, linear));
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i12")), List.of(als2, als3, linear));
        user.observe(Item.ofId("i13"), 1, null, List.of(als1, als2, linear));
        user.expected.clear();
        user.expected.put(Item.ofId("i13"), 1.0);
        user.check(List.of(als1, als2, linear));
    }

    @Test
    void forgettingLeavesATombstoneAndTheUserMayReturn() {
        rate(user, "i1", 4);
        user.apply(new UserRecord.Forgotten("u"), List.of(als1));
        assertThat(user.model().forgotten()).isTrue();
        assertThat(user.model().weights()).isEmpty();
        assertThat(user.history()).isEmpty();
        rate(user, "i1", 4);
        assertThat(user.model().forgotten()).isFalse();
        assertThat(weights(user, ALS_1).loss().count()).isEqualTo(1);
        user.expected.putAll(Map.of(Item.ofId("i1"), 4.0));
        user.check(List.of(als1));
    }

    @Test
    void aUserWithoutHistoryHasNoWeightsAfterARebase() {
        user.apply(new UserRecord.Rebased("u", "als", 1, "models/als/1/manifest.json"), List.of(als1));
        assertThat(user.model().weights()).isEmpty();
        assertThat(user.model().historySize()).isZero();
    }

    private Outcome rate(LearningUser one, String item, double label) {
        return one.observe(Item.ofId(item), label, null, List.of(als1));
    }

    private static UserWeights weights(LearningUser one, ModelVersion version) {
        return one.model().weights(version).orElseThrow();
    }

    private <T> T anyOf(Collection<T> values) {
        return values.stream().skip(random.nextInt(values.size())).findFirst().orElseThrow();
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "i" + i).toList();
    }
}
