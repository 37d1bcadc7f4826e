package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.LossStatistics;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.log.LogRecord;
import io.velox.state.QueryableUserModelReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** State of every schema that the job ever had is restored by this build, and goes on. */
class SavepointIT {
    private static final int PARTITION = 1;

    @TempDir
    Path folder;

    private final List<LogRecord> log = new ArrayList<>();
    private final SortedMap<String, Map<Item, Double>> labels = new TreeMap<>();
    private final Map<String, Long> learnt = new HashMap<>();
    private long offset;

    static Stream<Path> savepoints() throws Exception {
        return SavepointFile.all().stream();
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void stateOfAnyOlderSchemaIsRestoredAndGoesOn(Path zip) throws Exception {
        SavepointFile file = SavepointFile.unpack(zip, folder);
        SavedState expected = file.expected();
        List<VeloxModel> models = file.models();
        offset = expected.offset();
        expected.users()
                .keySet()
                .forEach(uid -> labels.put(uid, labelsOf(expected.users().get(uid))));
        writeWhatComesAfter(expected);
        try (JobCluster cluster = new JobCluster(file.store().toUri(), Map.of())) {
            JobID job = cluster.start(MemoryEnds.of("log-after", log, catalogue(models)), from(file));
            Await.until("everything is learnt", () -> MemoryEnds.UPDATES.size() >= log.size());
            try (QueryableUserModelReader reader = cluster.reader(job)) {
                for (String uid : labels.keySet()) {
                    check(uid, Optional.ofNullable(expected.users().get(uid)), models, reader);
                }
            }
            checkTotals(expected, models);
            cluster.cluster().cancelJob(job).get(30, TimeUnit.SECONDS);
        }
        try (ModelStore store = TestStore.open(file.store());
                Stream<Path> archive = Files.walk(file.store().resolve("observations"))) {
            assertThat(archive.filter(Files::isRegularFile)).hasSizeGreaterThanOrEqualTo(2);
            assertThat(ArchiveRows.read(store)).hasSizeGreaterThanOrEqualTo((int) expected.offset() - 1);
        }
    }

    /** To every user: something new, something again, something withdrawn, and one retry of an observation before the savepoint. */
    private void writeWhatComesAfter(SavedState expected) {
        expected.users().forEach((uid, user) -> {
            for (SavedState.Entry entry : user.history()) {
                if (entry.id() != null) {
                    append(new UserRecord.Observed(uid, entry.item(), entry.label(), 0, entry.id(), null));
                }
            }
            if (user.history().size() > 2) {
                observe(uid, user.history().get(0).item(), 1.5);
                withdraw(uid, user.history().get(1).item());
            }
            observe(uid, Item.ofId("i13"), 2);
        });
        observe("newcomer", Item.ofId("i2"), 4);
    }

    private void observe(String uid, Item item, double label) {
        append(new UserRecord.Observed(uid, item, label, 0, null, null));
        labels.computeIfAbsent(uid, u -> new HashMap<>()).put(item, label);
        learnt.merge(uid, 1L, Long::sum);
    }

    private void withdraw(String uid, Item item) {
        append(new UserRecord.Withdrawn(uid, item));
        labels.get(uid).remove(item);
    }

    private void append(UserRecord record) {
        offset++;
        log.add(LogRecord.of(new Revision(0, PARTITION, offset), 1_800_000_000_000L, record));
    }

    private void check(
            String uid, Optional<SavedState.User> before, List<VeloxModel> models, QueryableUserModelReader reader)
            throws Exception {
        UserModel user = reader.userModel(uid).get(5, TimeUnit.SECONDS).orElseThrow();
        Map<Item, Double> found = new HashMap<>();
        Map<Item, HistoryEntry> entries = new HashMap<>();
        for (HistoryEntry entry : reader.history(uid).get(5, TimeUnit.SECONDS)) {
            assertThat(found.put(entry.item(), entry.label())).isNull();
            entries.put(entry.item(), entry);
        }
        assertThat(found).as(uid).isEqualTo(labels.get(uid));
        assertThat(user.historySize()).isEqualTo(found.size());
        assertThat(user.forgotten()).isFalse();
        for (VeloxModel model : models) {
            UserWeights weights = user.weights(model.id()).orElseThrow();
            assertThat(weights.weights())
                    .as("%s in %s", uid, model.id())
                    .containsExactly(RidgeOracle.weights(model, found), within(1e-8));
        }
        before.stream().flatMap(b -> b.history().stream()).skip(2).forEach(old -> {
            HistoryEntry now = entries.get(old.item());
            if (now.offset() == old.offset()) {
                assertThat(now.timestamp()).isEqualTo(old.timestamp());
                assertThat(now.id()).isEqualTo(old.id());
            }
        });
        UserWeights als = user.weights(models.get(0).id()).orElseThrow();
        long countBefore = before.map(b -> b.losses().get(models.get(0).id().toString()))
                .map(LossStatistics::count)
                .orElse(0L);
        assertThat(als.loss().count())
                .as("losses of %s", uid)
                .isBetween(countBefore + 1, countBefore + learnt.get(uid));
    }

    private static void checkTotals(SavedState expected, List<VeloxModel> models) throws Exception {
        String version = models.get(0).id().toString();
        long countBefore = expected.totals().get(version).count();
        Await.until("the totals are reported", () -> total(version).count() > countBefore);
        assertThat(total(version).sum())
                .isGreaterThan(expected.totals().get(version).sum());
    }

    private static LossMoments total(String version) {
        LossMoments total = LossMoments.NONE;
        for (HealthRecord report : MemoryEnds.HEALTH) {
            for (HealthRecord.Version v : report.versions()) {
                total = v.id().toString().equals(version) ? v.loss() : total;
            }
        }
        return total;
    }

    private static List<CatalogueRecord> catalogue(List<VeloxModel> models) {
        List<CatalogueRecord> records = new ArrayList<>();
        for (VeloxModel model : models) {
            records.add(WriteSavepoint.live(model, ModelStore.manifestAddress(model.id()), records.size()));
        }
        return records;
    }

    /** What only the script's own sources had kept is left out. */
    private static SavepointRestoreSettings from(SavepointFile file) {
        return SavepointRestoreSettings.forPath(file.savepoint().toUri().toString(), true);
    }

    private static Map<Item, Double> labelsOf(SavedState.User user) {
        Map<Item, Double> labels = new HashMap<>();
        user.history().forEach(entry -> labels.put(entry.item(), entry.label()));
        return labels;
    }
}
