package io.velox.job.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import io.velox.job.ExpectedHistory;
import io.velox.job.RandomHistory;
import io.velox.job.Seeds;
import io.velox.job.TestModels;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatedObservationsTest {
    private static final long BIG_CACHE = 1 << 20;

    private final RandomGenerator random = Seeds.random();
    private final VeloxModel ratings = model("ratings", 5, 0, 20, Repeat.REPLACE);
    private final VeloxModel plays = model("plays", 4, 5, 30, Repeat.ACCUMULATE);

    /** With room for everything derived, for some of it, and for none: what is cached must not matter. */
    @ParameterizedTest
    @CsvSource({
        "1048576,false", "1048576,true",
        "1500,false", "1500,true",
        "1,false", "1,true"
    })
    void anyHistoryComesToTheBatchSolutionInVersionsOfBothKinds(long cacheBytes, boolean someModelAccumulates) {
        for (int run = 0; run < 16; run++) {
            LearningUser user = new LearningUser(cacheBytes, someModelAccumulates);
            ExpectedHistory expected = new ExpectedHistory();
            RandomHistory records = new RandomHistory("u", 30, random);
            List<VeloxModel> loaded = new ArrayList<>(
                    switch (run % 4) {
                        case 0 -> List.of(ratings);
                        case 1 -> List.of(plays);
                        case 2 -> List.of(plays, ratings);
                        default -> List.<VeloxModel>of();
                    });
            for (int step = 0; step < 80; step++) {
                if (random.nextInt(25) == 0) {
                    loaded = loaded.size() == 2 ? List.of(ratings) : List.of(plays, ratings);
                }
                UserRecord record = records.next();
                boolean keeps = someModelAccumulates || loaded.contains(plays);
                boolean isLearnt = expected.apply(record, keeps);
                Outcome outcome = user.apply(record, loaded);
                assertThat(outcome.learnt() != null).as("learnt %s", record).isEqualTo(isLearnt);
                expected.check(user.model(), user.history(), loaded);
            }
        }
    }

    @Test
    void anIdStaysSpentWhenItsObservationIsReplacedOrWithdrawn() {
        LearningUser user = new LearningUser(BIG_CACHE);
        user.observe(Item.ofId("i1"), 1, "first", List.of(ratings));
        user.observe(Item.ofId("i1"), 2, "second", List.of(ratings));
        assertThat(user.observe(Item.ofId("i1"), 1, "first", List.of(ratings)).learnt())
                .isNull();
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i1")), List.of(ratings));
        assertThat(user.observe(Item.ofId("i1"), 2, "second", List.of(ratings)).learnt())
                .isNull();
        assertThat(user.history()).isEmpty();
        assertThat(user.spentIds())
                .containsExactly(new SpentId(Item.ofId("i1"), "first"), new SpentId(Item.ofId("i1"), "second"));
        assertThat(user.observe(Item.ofId("i2"), 1, "first", List.of(ratings)).learnt())
                .as("the id names an observation of another item")
                .isNotNull();
    }

    @Test
    void forgettingForgetsSpentIds() {
        LearningUser user = new LearningUser(BIG_CACHE);
        user.observe(Item.ofId("i1"), 1, "first", List.of(ratings));
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i1")), List.of(ratings));
        user.apply(new UserRecord.Forgotten("u"), List.of(ratings));
        assertThat(user.spentIds()).isEmpty();
        assertThat(user.observe(Item.ofId("i1"), 1, "first", List.of(ratings)).learnt())
                .isNotNull();
    }

    @Test
    void onlyTheNewestThousandSpentIdsAreKept() {
        LearningUser user = new LearningUser(BIG_CACHE);
        for (int i = 0; i <= 1_001; i++) {
            user.observe(Item.ofId("i1"), 1, "id-" + i, List.of());
        }
        assertThat(user.spentIds()).hasSize(1_000);
        assertThat(user.observe(Item.ofId("i1"), 1, "id-1", List.of()).learnt()).isNull();
        assertThat(user.observe(Item.ofId("i1"), 1, "id-0", List.of()).learnt()).isNotNull();
    }

    @Test
    void withdrawingTakesEveryObservationOfTheItemBack() {
        LearningUser user = new LearningUser(BIG_CACHE, true);
        List<VeloxModel> models = List.of(plays, ratings);
        user.observe(Item.ofId("i7"), 1, "a", models);
        user.observe(Item.ofId("i8"), 1, null, models);
        user.observe(Item.ofId("i7"), 3, "b", models);
        user.apply(new UserRecord.Withdrawn("u", Item.ofId("i7")), models);
        assertThat(user.history()).extracting(HistoryEntry::item).containsExactly(Item.ofId("i8"));
        assertThat(user.observe(Item.ofId("i7"), 1, "a", models).learnt()).isNull();
    }

    @Test
    void whatIsNewIsToldWithoutReadingTheHistory() {
        for (List<VeloxModel> models : List.of(List.<VeloxModel>of(), List.of(ratings))) {
            LearningUser user = new LearningUser(BIG_CACHE);
            for (int i = 0; i < 500; i++) {
                user.observe(Item.ofId("i" + i), 1, "line:" + i, models);
            }
            assertThat(user.historyReads).isZero();
            assertThat(user.history()).hasSize(500);
        }
    }

    @Test
    void whatIsRepeatedIsLearntWithoutReadingTheHistoryWhereEveryVersionAccumulates() {
        LearningUser user = new LearningUser(BIG_CACHE, true);
        for (int i = 0; i < 500; i++) {
            user.observe(Item.ofId("i" + i % 7), i % 3, "line:" + i, List.of(plays));
        }
        assertThat(user.historyReads).isZero();
        assertThat(user.history()).hasSize(500);
    }

    @Test
    void withoutAModelThatAccumulatesAnItemKeepsItsLastObservation() {
        LearningUser user = new LearningUser(BIG_CACHE, true);
        user.observe(Item.ofId("i1"), 1, null, List.of(ratings));
        user.observe(Item.ofId("i1"), 2, null, List.of(ratings));
        assertThat(user.history()).hasSize(2);
        LearningUser other = new LearningUser(BIG_CACHE);
        other.observe(Item.ofId("i1"), 1, null, List.of(ratings));
        other.observe(Item.ofId("i1"), 2, null, List.of(ratings));
        assertThat(other.history()).extracting(HistoryEntry::label).containsExactly(2.0);
        assertThat(user.model().weights().get(0).weights())
                .containsExactly(other.model().weights().get(0).weights());
    }

    private VeloxModel model(String name, int dimension, int from, int to, Repeat repeat) {
        List<String> items = IntStream.range(from, to).mapToObj(i -> "i" + i).toList();
        MatrixFactorModel m = TestModels.factors(new ModelVersion(name, 1), dimension, items, random);
        return new MatrixFactorModel(m.id(), m.factors(), m.prior(), m.noise(), repeat);
    }
}
