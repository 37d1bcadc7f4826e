package io.velox.job;

import io.velox.core.learn.LossStatistics;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.Revision;
import io.velox.job.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The log behind a savepoint, with everything that may happen to a user in it, and what it must come to: kept beside the log as it is
 * written, by means of the oracle alone.
 */
final class SavepointScript {
    private static final int PARTITION = 1;
    private static final Instant START = Instant.parse("2026-09-01T08:00:00Z");

    private final Random random = new Random(20_260_901);
    private final MatrixFactorModel als = TestModels.factors(
            new ModelVersion("als", 1),
            4,
            IntStream.range(0, 20).mapToObj(i -> "i" + i).toList(),
            random);
    private final LinearModel linear = TestModels.linear(new ModelVersion("linear", 1), 2, random);
    private final List<LogRecord> log = new ArrayList<>();
    private final SortedMap<String, Map<Item, SavedState.Entry>> histories = new TreeMap<>();
    private final Map<String, SortedMap<String, LossStatistics>> losses = new HashMap<>();
    private final Map<String, Revision> revisions = new HashMap<>();
    private final SortedMap<String, LossStatistics> totals = new TreeMap<>();

    SavepointScript() {
        for (int round = 0; round < 12; round++) {
            for (int user = 0; user < 8; user++) {
                observe("u" + user, anyItem(), null);
            }
        }
        observe("u0", Item.ofId("i3"), "id-1");
        observe("u0", Item.ofId("i3"), "id-1"); // a retry
        observe("u0", Item.ofId("i4"), "id-2");
        observe("u1", Item.ofId("i5"), null);
        observe("u1", Item.ofId("i5"), "id-3"); // rated again
        observe("u2", Item.ofId("i6"), null);
        withdraw("u2", Item.ofId("i6"));
        withdraw("u2", Item.ofId("never-rated"));
        observe("u4", Item.ofId("no-version-knows-it"), null);
        forget("u5");
        forget("u6");
        observe("u6", Item.ofId("i7"), null); // who returns
        rebase("u7");
    }

    List<VeloxModel> models() {
        return List.of(als, linear);
    }

    List<LogRecord> log() {
        return List.copyOf(log);
    }

    SavedState saved() {
        SortedMap<String, SavedState.User> users = new TreeMap<>();
        revisions.forEach((uid, revision) -> {
            Map<Item, SavedState.Entry> history = histories.get(uid);
            users.put(
                    uid,
                    new SavedState.User(
                            revision,
                            history == null,
                            history == null ? List.of() : List.copyOf(history.values()),
                            losses.getOrDefault(uid, new TreeMap<>())));
        });
        return new SavedState(log.size(), users, totals);
    }

    private void observe(String uid, Item item, @Nullable String id) {
        double label = 1 + random.nextInt(9) / 2.0;
        Instant timestamp = START.plusSeconds(log.size());
        Revision position = append(uid, new UserRecord.Observed(uid, item, label, timestamp.toEpochMilli(), id, null));
        Map<Item, SavedState.Entry> history = histories.computeIfAbsent(uid, u -> new LinkedHashMap<>());
        SavedState.Entry old = history.get(item);
        if (old != null && id != null && id.equals(old.id())) {
            return;
        }
        judge(uid, item, label, history);
        history.put(item, new SavedState.Entry(position.offset(), item, label, timestamp, id));
    }

    private void judge(String uid, Item item, double label, Map<Item, SavedState.Entry> history) {
        Map<Item, Double> labels = new HashMap<>();
        history.values().forEach(entry -> labels.put(entry.item(), entry.label()));
        SortedMap<String, LossStatistics> own = losses.computeIfAbsent(uid, u -> new TreeMap<>());
        for (VeloxModel model : models()) {
            String version = model.id().toString();
            LossStatistics before = own.getOrDefault(version, LossStatistics.NONE);
            own.put(version, before);
            model.features(item).ifPresent(f -> {
                double loss = model.loss(label, f.score(RidgeOracle.weights(model, labels)));
                own.put(version, before.plus(loss));
                totals.merge(version, LossStatistics.NONE.plus(loss), LossStatistics::plus);
            });
        }
    }

    private void withdraw(String uid, Item item) {
        append(uid, new UserRecord.Withdrawn(uid, item));
        histories.getOrDefault(uid, new HashMap<>()).remove(item);
    }

    private void forget(String uid) {
        append(uid, new UserRecord.Forgotten(uid));
        histories.remove(uid);
        losses.remove(uid);
    }

    private void rebase(String uid) {
        append(uid, new UserRecord.Rebased(uid, "als", 1, "models/als/1/manifest.json"));
    }

    private Revision append(String uid, UserRecord record) {
        Revision position = new Revision(0, PARTITION, log.size() + 1L);
        log.add(LogRecord.of(position, START.toEpochMilli() + log.size(), record));
        revisions.put(uid, position);
        return position;
    }

    private Item anyItem() {
        return random.nextInt(3) > 0
                ? Item.ofId("i" + random.nextInt(24)) // of which the model knows 20
                : Item.ofJson(RecordCodec.mapper()
                        .createArrayNode()
                        .add(random.nextInt(5))
                        .add(random.nextInt(5) / 4.0));
    }
}
