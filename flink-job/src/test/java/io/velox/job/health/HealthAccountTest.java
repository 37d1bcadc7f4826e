package io.velox.job.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.LossStatistics;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthRecord.WorstUser;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.learn.Outcome;
import io.velox.job.learn.Outcome.VersionLoss;
import io.velox.job.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthAccountTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);
    private static final ModelVersion TWO = new ModelVersion("als", 2);
    private static final ModelVersion OTHER = new ModelVersion("lin", 1);

    private final HealthAccount account = new HealthAccount();
    private List<ModelVersion> unknown = List.of();
    private long offset;

    @Test
    void eachVersionHasTheMomentsOfItsLosses() {
        learn(account, null, new VersionLoss(ONE, 2), new VersionLoss(OTHER, 1));
        learn(account, null, new VersionLoss(ONE, 3));
        assertThat(account.save())
                .containsExactly(
                        new VersionTotal(ONE, new LossMoments(2, 5, 13), LossMoments.NONE, 0),
                        new VersionTotal(OTHER, new LossMoments(1, 1, 1), LossMoments.NONE, 0));
    }

    @Test
    void versionsOfOneModelAreComparedOverWhatBothScored() {
        learn(account, null, new VersionLoss(ONE, 2), new VersionLoss(TWO, 5), new VersionLoss(OTHER, 1));
        learn(account, null, new VersionLoss(ONE, 4), new VersionLoss(TWO, 3));
        learn(account, null, new VersionLoss(ONE, 9));
        assertThat(account.savePairs()).containsExactly(new PairTotal(ONE, TWO, new PairedLoss(2, 6, 8, 10)));
    }

    @Test
    void onlyWhatUniformExplorationShowedIsInTheValidationPool() {
        learn(account, "uniform:17", new VersionLoss(ONE, 2));
        learn(account, "greedy:17", new VersionLoss(ONE, 3));
        learn(account, "uniform:", new VersionLoss(ONE, 4));
        learn(account, "17", new VersionLoss(ONE, 5));
        assertThat(account.save())
                .containsExactly(new VersionTotal(ONE, new LossMoments(4, 14, 54), new LossMoments(1, 2, 4), 0));
    }

    @Test
    void aLossBeyondADoubleSpoilsNoTotal() {
        learn(account, "uniform:1", new VersionLoss(ONE, 1), new VersionLoss(TWO, 1));
        learn(account, "uniform:1", new VersionLoss(ONE, 1e200), new VersionLoss(TWO, 1));
        assertThat(account.save().get(0))
                .isEqualTo(new VersionTotal(ONE, new LossMoments(1, 1, 1), new LossMoments(1, 1, 1), 0));
        assertThat(account.savePairs().get(0).loss().count()).isEqualTo(1);
    }

    @Test
    void totalsOfSeveralSubtasksMergeWhenOneRestoresThem() {
        HealthAccount other = new HealthAccount();
        learn(account, "uniform:1", new VersionLoss(ONE, 2), new VersionLoss(TWO, 1));
        learn(other, null, new VersionLoss(ONE, 4), new VersionLoss(TWO, 7));
        learn(other, null, new VersionLoss(OTHER, 5));
        HealthAccount merged = new HealthAccount();
        merged.restore(concat(account.save(), other.save()));
        merged.restorePairs(concat(account.savePairs(), other.savePairs()));
        merged.restoreDelays(concat(account.saveDelays(), other.saveDelays()));

        HealthAccount whole = new HealthAccount();
        learn(whole, "uniform:1", new VersionLoss(ONE, 2), new VersionLoss(TWO, 1));
        learn(whole, null, new VersionLoss(ONE, 4), new VersionLoss(TWO, 7));
        learn(whole, null, new VersionLoss(OTHER, 5));
        assertThat(merged.save()).isEqualTo(whole.save());
        assertThat(merged.savePairs()).isEqualTo(whole.savePairs());
        assertThat(DelayHistogram.decode(merged.saveDelays().get(0)).count()).isEqualTo(3);
    }

    @Test
    void whatIsReplayedAfterARestoreIsCountedOnce() {
        learn(account, null, new VersionLoss(ONE, 2), new VersionLoss(TWO, 1));
        List<VersionTotal> totals = account.save();
        List<PairTotal> pairs = account.savePairs();
        List<String> delays = account.saveDelays();
        learn(account, null, new VersionLoss(ONE, 3), new VersionLoss(TWO, 4));

        HealthAccount restored = new HealthAccount();
        restored.restore(totals);
        restored.restorePairs(pairs);
        restored.restoreDelays(delays);
        learn(restored, null, new VersionLoss(ONE, 3), new VersionLoss(TWO, 4));
        assertThat(restored.save()).isEqualTo(account.save());
        assertThat(restored.savePairs()).isEqualTo(account.savePairs());
        assertThat(restored.saveDelays()).isEqualTo(account.saveDelays());
    }

    @Test
    void delaysAreFromTheLogsTimeToNow() {
        learn(account, null, new VersionLoss(ONE, 2));
        DelayHistogram delays = DelayHistogram.decode(account.saveDelays().get(0));
        assertThat(delays.count()).isEqualTo(1);
        assertThat(delays.max()).isEqualTo(7);
    }

    @Test
    void aSubtaskTakesUpOnlyItsOwnUsersFromACheckpoint() {
        WorstUserEntry own = new WorstUserEntry(ONE, new WorstUser("own", 4, 6));
        account.restoreWorst(
                List.of(own, new WorstUserEntry(ONE, new WorstUser("another's", 5, 6))), uid -> uid.equals("own"));
        assertThat(account.saveWorst()).containsExactly(own);
    }

    @Test
    void theWorstUsersAreThoseWithTheHighestMeanAndEnoughObservations() {
        WorstUsers worst = new WorstUsers();
        for (int i = 0; i < 50; i++) {
            worst.offer("u" + i, new LossStatistics(5, 5 * i));
        }
        worst.offer("few", new LossStatistics(WorstUsers.MIN_OBSERVATIONS - 1, 1e6));
        assertThat(worst.inOrder()).hasSize(WorstUsers.KEPT);
        assertThat(worst.inOrder().get(0).uid()).isEqualTo("u49");
        assertThat(worst.inOrder().get(WorstUsers.KEPT - 1).uid()).isEqualTo("u30");

        worst.offer("u49", new LossStatistics(100, 100 * 30.5));
        assertThat(worst.inOrder().get(18).uid())
                .as("moves down as it gets better")
                .isEqualTo("u49");
        worst.offer("new", new LossStatistics(5, 5 * 30.2));
        assertThat(worst.inOrder()).extracting(u -> u.uid()).contains("new").doesNotContain("u30");
        worst.forget("u48");
        worst.offer("mild", new LossStatistics(5, 5));
        assertThat(worst.inOrder()).extracting(u -> u.uid()).contains("mild").doesNotContain("u48");
    }

    @Test
    void observationsOfItemsThatAVersionDoesNotKnowAreCountedThroughACheckpoint() {
        unknown = List.of(ONE);
        learn(account, null, new VersionLoss(OTHER, 1));
        learn(account, null, new VersionLoss(OTHER, 1));
        HealthAccount restored = new HealthAccount();
        restored.restore(account.save());
        learn(restored, null);

        assertThat(restored.save())
                .extracting(VersionTotal::version, VersionTotal::unknown)
                .containsExactly(tuple(ONE, 3L), tuple(OTHER, 0L));
    }

    private void learn(HealthAccount by, @Nullable String impression, VersionLoss... losses) {
        offset++;
        Item item = Item.ofId("i");
        LogRecord record = LogRecord.of(
                new Revision(0, 0, offset), 1_000, new UserRecord.Observed("u", item, 4, 0, null, impression));
        List<UserWeights> weights = Arrays.stream(losses)
                .map(loss -> new UserWeights(loss.version(), new double[1], 1, new LossStatistics(1, loss.loss())))
                .toList();
        by.add(
                record,
                new Outcome(
                        new UserModel("u", record.position(), 1, false, weights),
                        new HistoryEntry(offset, item, 4, Instant.EPOCH, null),
                        List.of(losses),
                        unknown,
                        List.of()),
                1_007);
    }

    private static <T> List<T> concat(List<T> a, List<T> b) {
        List<T> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
