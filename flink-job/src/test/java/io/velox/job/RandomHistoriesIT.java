package io.velox.job;

import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserRecord;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import io.velox.core.user.Revision;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.log.LogRecord;
import io.velox.state.QueryableUserModelReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random histories through the whole job: what queries answer is the batch solution of what is left. */
class RandomHistoriesIT {
    private static final int USERS = 25;
    private static final int RECORDS_PER_USER = 60;

    @TempDir
    Path folder;

    private final RandomGenerator random = Seeds.random();

    @ParameterizedTest
    @EnumSource
    void everyUserComesToTheBatchSolutionOfWhatIsLeft(Repeat repeat) throws Exception {
        List<VeloxModel> models = List.of(model("als", repeat), model("other", Repeat.REPLACE));
        Map<String, ExpectedHistory> expected = new HashMap<>();
        List<LogRecord> log = log(expected, repeat == Repeat.ACCUMULATE);
        List<CatalogueRecord> catalogue = new ArrayList<>();
        Path root = folder.resolve("store");
        try (ModelStore store = TestStore.open(root)) {
            for (VeloxModel model : models) {
                catalogue.add(WriteSavepoint.live(model, TestStore.write(store, model), catalogue.size()));
            }
        }
        Map<String, String> declared = Map.of(
                "VELOX_MODELS_ALS_REPEAT", repeat.name().toLowerCase(Locale.ROOT),
                "VELOX_LEARNER_USER_CACHE_MIB", "1",
                "VELOX_JOB_CHECKPOINT_INTERVAL_MS", "200");
        try (JobCluster cluster = new JobCluster(root.toUri(), declared)) {
            JobID job = cluster.start(MemoryEnds.of("log", log, catalogue), SavepointRestoreSettings.none());
            Await.until("everything is learnt", () -> MemoryEnds.UPDATES.size() >= log.size());
            try (QueryableUserModelReader reader = cluster.reader(job)) {
                for (var user : expected.entrySet()) {
                    user.getValue()
                            .check(
                                    reader.userModel(user.getKey())
                                            .get(5, TimeUnit.SECONDS)
                                            .orElseThrow(),
                                    reader.history(user.getKey()).get(5, TimeUnit.SECONDS),
                                    models);
                }
            }
            Map<String, Integer> ofNewItems = usersOfNewItems(expected, models);
            Await.until("new items are known by those who rate them now", () -> ofNewItems.equals(reported()));
            cluster.cluster().cancelJob(job).get(30, TimeUnit.SECONDS);
        }
    }

    /** By version and item that it does not know: how many users have it in their history. */
    private static Map<String, Integer> usersOfNewItems(
            Map<String, ExpectedHistory> expected, List<VeloxModel> models) {
        Map<String, Integer> users = new HashMap<>();
        for (ExpectedHistory history : expected.values()) {
            for (VeloxModel model : models) {
                history.observations().stream()
                        .map(UserRecord.Observed::item)
                        .distinct()
                        .filter(item -> model.features(item).isEmpty())
                        .forEach(item -> users.merge(model.id() + "/" + item.text(), 1, Integer::sum));
            }
        }
        return users;
    }

    /** The same as the newest updates say. */
    private static Map<String, Integer> reported() {
        Map<String, Integer> users = new HashMap<>();
        for (ItemUpdate update : MemoryEnds.ITEM_UPDATES) {
            String key = update.version() + "/" + update.item();
            ItemUpdate.Value value = update.value();
            if (value == null) {
                users.remove(key);
            } else {
                users.put(key, value.evidence().count());
            }
        }
        return users;
    }

    private List<LogRecord> log(Map<String, ExpectedHistory> expected, boolean keepsSuperseded) {
        Map<String, RandomHistory> histories = new HashMap<>();
        List<LogRecord> log = new ArrayList<>();
        for (int i = 0; i < USERS * RECORDS_PER_USER; i++) {
            String uid = "u" + random.nextInt(USERS);
            UserRecord record = histories
                    .computeIfAbsent(uid, u -> new RandomHistory(u, 40, random))
                    .next();
            expected.computeIfAbsent(uid, u -> new ExpectedHistory()).apply(record, keepsSuperseded);
            log.add(LogRecord.of(new Revision(0, 0, i), 1_800_000_000_000L + i, record));
        }
        return log;
    }

    private VeloxModel model(String name, Repeat repeat) {
        List<String> items = IntStream.range(0, 30).mapToObj(i -> "i" + i).toList();
        MatrixFactorModel m = TestModels.factors(new ModelVersion(name, 1), 6, items, random);
        return new MatrixFactorModel(m.id(), m.factors(), m.prior(), m.noise(), repeat);
    }
}
