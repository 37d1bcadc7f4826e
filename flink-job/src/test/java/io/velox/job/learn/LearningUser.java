package io.velox.job.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.SpentId;
import io.velox.core.user.UserModel;
import io.velox.job.RidgeOracle;
import io.velox.job.log.LogRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One user with a history in memory, the learner under test, and the labels that the history should come to. */
final class LearningUser {
    final Map<Item, Double> expected = new LinkedHashMap<>();
    int historyReads;
    private final UserLearner learner;
    private final List<HistoryEntry> entries = new ArrayList<>();
    private final List<SpentId> spent = new ArrayList<>();
    private final UserHistory history = new UserHistory() {
        @Override
        public List<HistoryEntry> entries() {
            historyReads++;
            return List.copyOf(entries);
        }

        @Override
        public void append(HistoryEntry entry) {
            entries.add(entry);
        }

        @Override
        public void replace(List<HistoryEntry> next) {
            List<HistoryEntry> copy = List.copyOf(next);
            entries.clear();
            entries.addAll(copy);
        }

        @Override
        public List<SpentId> spentIds() {
            return List.copyOf(spent);
        }

        @Override
        public void replaceSpentIds(List<SpentId> ids) {
            List<SpentId> copy = List.copyOf(ids);
            spent.clear();
            spent.addAll(copy);
        }
    };
    private @Nullable UserModel model;
    private long offset;

    LearningUser(long cacheBytes) {
        this(cacheBytes, false);
    }

    LearningUser(long cacheBytes, boolean someModelAccumulates) {
        this.learner = new UserLearner(cacheBytes, cacheBytes, someModelAccumulates);
    }

    boolean isKnown() {
        return model != null;
    }

    UserModel model() {
        return Objects.requireNonNull(model);
    }

    List<SpentId> spentIds() {
        return List.copyOf(spent);
    }

    List<HistoryEntry> history() {
        return List.copyOf(entries);
    }

    Outcome observe(Item item, double label, @Nullable String id, Collection<VeloxModel> models) {
        return apply(new UserRecord.Observed("u", item, label, 1_000, id, null), models);
    }

    Outcome apply(UserRecord record, Collection<VeloxModel> models) {
        offset += 3;
        try {
            Outcome outcome = learner.apply(
                    model, history, LogRecord.of(new Revision(0, 1, offset), 5, record), List.copyOf(models));
            assertThat(outcome.model().revision()).isEqualTo(new Revision(0, 1, offset));
            model = outcome.model();
            return outcome;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Checks history and weights against a batch solution over {@link #expected}. */
    void check(Collection<VeloxModel> models) {
        Map<Item, Double> found = new LinkedHashMap<>();
        entries.forEach(e -> assertThat(found.put(e.item(), e.label())).isNull());
        assertThat(found).isEqualTo(expected);
        assertThat(model().historySize()).isEqualTo(expected.size());
        for (VeloxModel m : models) {
            if (expected.isEmpty() && model().weights(m.id()).isEmpty()) {
                continue;
            }
            double[] batch = RidgeOracle.weights(m, expected);
            var weights = model().weights(m.id()).orElseThrow();
            assertThat(weights.weights()).as("weights in %s", m.id()).containsExactly(batch, within(1e-8));
            assertThat(weights.observations()).isEqualTo((int) expected.keySet().stream()
                    .filter(item -> m.features(item).isPresent())
                    .count());
        }
    }
}
