package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.log.LogRecord;
import io.velox.state.QueryableUserModelReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.QueryableStateOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole topology in a mini cluster with RocksDB, between ends in memory, with failures on purpose. */
class VeloxJobIT {
    private static final int USERS = 40;
    private static final int RATINGS_PER_USER = 75;
    private static final int RECORDS = USERS * RATINGS_PER_USER;
    private static final int ITEMS = 60;
    private static final ModelVersion VERSION = new ModelVersion("als", 1);

    @TempDir
    Path folder;

    @Test
    void everyRecordIsLearntAndArchivedOnceInSpiteOfFailures() throws Exception {
        ScriptedEnds.reset();
        ModelStore store = TestStore.open(folder.resolve("store"));
        MatrixFactorModel model = TestModels.factors(
                VERSION, 5, IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList(), Seeds.random());
        CatalogueRecord catalogue = published(TestStore.write(store, model));
        VeloxConfiguration configuration = ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_STORE_ROOT", folder.resolve("store").toUri().toString(),
                        "VELOX_JOB_CHECKPOINT_INTERVAL_MS", "200",
                        "VELOX_JOB_HEALTH_INTERVAL_MS", "100"));
        int proxyPort = freePort();
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .setConfiguration(clusterConfiguration(proxyPort))
                .build())) {
            cluster.start();
            StreamExecutionEnvironment env = new TestStreamEnvironment(cluster, 2);
            JobSettings.apply(env, configuration);
            VeloxJob.connect(env, configuration, new ScriptedEnds(VeloxJobIT::record, RECORDS, 500, catalogue, 2));
            JobClient job = env.executeAsync("velox");

            try (QueryableUserModelReader reader = new QueryableUserModelReader(
                    List.of("127.0.0.1:" + freePort(), "127.0.0.1:" + proxyPort),
                    () -> Optional.of(job.getJobID().toHexString()),
                    Duration.ofSeconds(2))) {
                Await.until("all users have learnt everything", () -> hasLearntEverything(reader));
                assertThat(ScriptedEnds.FAILED).hasValue(2);
                checkUsers(reader, model);
                assertThat(reader.userModel("nobody").get(5, TimeUnit.SECONDS)).isEmpty();
                assertThat(reader.history("nobody").get(5, TimeUnit.SECONDS)).isEmpty();
            }
            Await.until("the archive is complete", () -> ArchiveRows.read(store).size() >= ratings());
            checkArchive(store);
            Await.until("the totals are reported", () -> losses().count() >= knownRatings());
            assertThat(losses().count()).isEqualTo(knownRatings());
            checkUpdates();
            Await.until("all new items are known", () -> usersOfNewItems().values().stream()
                    .allMatch(n -> n == USERS));
            assertThat(usersOfNewItems())
                    .containsOnlyKeys(IntStream.range(ITEMS, RATINGS_PER_USER - 1)
                            .mapToObj(i -> "i" + i)
                            .toArray(String[]::new));
            job.cancel().get(30, TimeUnit.SECONDS);
        }
    }

    /** The i-th record: each half of the log belongs to one partition and to users of its own; one record in each is broken. */
    private static LogRecord record(long index) {
        int half = RECORDS / 2;
        int partition = (int) (index / half);
        long offset = index % half;
        Revision position = new Revision(0, partition, offset);
        if (offset == half - 1) {
            return LogRecord.undecodable(position, Instant.now().toEpochMilli(), "broken on purpose");
        }
        UserRecord.Observed observed = new UserRecord.Observed(
                "u" + ((USERS / 2L) * partition + offset % (USERS / 2)),
                Item.ofId("i" + offset / (USERS / 2)),
                1 + index % 9 / 2.0,
                1_000 + index,
                null,
                null);
        return LogRecord.of(position, Instant.now().toEpochMilli(), observed);
    }

    private static boolean hasLearntEverything(QueryableUserModelReader reader) throws Exception {
        int found = 0;
        for (int user = 0; user < USERS; user++) {
            Optional<UserModel> model = reader.userModel("u" + user)
                    .exceptionally(failure -> Optional.empty()) // the job is restarting
                    .get(5, TimeUnit.SECONDS);
            found += model.map(UserModel::historySize).orElse(0);
        }
        return found >= ratings();
    }

    private static void checkUsers(QueryableUserModelReader reader, MatrixFactorModel model) throws Exception {
        Map<String, Map<Item, Double>> expected = new HashMap<>();
        for (long i = 0; i < RECORDS; i++) {
            if (record(i).content() instanceof UserRecord.Observed o) {
                expected.computeIfAbsent(o.uid(), uid -> new HashMap<>()).put(o.item(), o.label());
            }
        }
        for (var user : expected.entrySet()) {
            UserModel found =
                    reader.userModel(user.getKey()).get(5, TimeUnit.SECONDS).orElseThrow();
            assertThat(found.weights(VERSION).orElseThrow().weights())
                    .containsExactly(RidgeOracle.weights(model, user.getValue()), within(1e-8));
            Map<Item, Double> history = new HashMap<>();
            for (HistoryEntry entry : reader.history(user.getKey()).get(5, TimeUnit.SECONDS)) {
                history.put(entry.item(), entry.label());
            }
            assertThat(history).isEqualTo(user.getValue());
        }
    }

    private static void checkArchive(ModelStore store) throws IOException {
        List<Group> rows = ArchiveRows.read(store);
        assertThat(rows).hasSize(ratings());
        assertThat(rows.stream()
                        .map(row -> row.getInteger("partition", 0) + ":" + row.getLong("offset", 0))
                        .distinct())
                .hasSize(ratings());
        long covered = ArchiveRows.files(store).stream()
                .mapToLong(file -> file.last() - file.first() + 1)
                .sum();
        assertThat(covered).isEqualTo(RECORDS);
    }

    private static void checkUpdates() {
        Map<String, Revision> last = new HashMap<>();
        for (UserUpdate update : ScriptedEnds.UPDATES) {
            last.put(update.model().uid(), update.model().revision());
        }
        assertThat(last).hasSize(USERS);
    }

    /** How many users the newest update of each item that the version does not know counts; the last item lacks those of broken records. */
    private static Map<String, Integer> usersOfNewItems() {
        Map<String, Integer> users = new HashMap<>();
        for (ItemUpdate update : ScriptedEnds.ITEM_UPDATES) {
            if (!update.item().equals("i" + (RATINGS_PER_USER - 1))) {
                users.put(
                        update.item(),
                        Objects.requireNonNull(update.value()).evidence().count());
            }
        }
        return users;
    }

    /** The newest report of every subtask, added up. */
    private static LossMoments losses() {
        Map<Integer, HealthRecord> newest = new HashMap<>();
        ScriptedEnds.HEALTH.forEach(report -> newest.put(report.subtask(), report));
        return newest.values().stream()
                .flatMap(report -> report.versions().stream())
                .filter(version -> version.id().equals(VERSION))
                .map(HealthRecord.Version::loss)
                .reduce(LossMoments.NONE, LossMoments::plus);
    }

    private static int ratings() {
        return RECORDS - 2;
    }

    private static long knownRatings() {
        return IntStream.range(0, RECORDS)
                .mapToObj(VeloxJobIT::record)
                .filter(r -> r.content() instanceof UserRecord.Observed o
                        && Integer.parseInt(o.item().text().substring(1)) < ITEMS)
                .count();
    }

    private static CatalogueRecord published(String manifest) {
        CatalogueEntry.Version version = new CatalogueEntry.Version(
                VERSION.version(), VersionState.PUBLISHED, manifest, Instant.EPOCH, null, null);
        return new CatalogueRecord(
                7, CatalogueEntry.of(VERSION.model(), ModelKind.ALS).with(version));
    }

    @SuppressWarnings("deprecation") // queryable state is deprecated and has no successor
    private static Configuration clusterConfiguration(int proxyPort) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(QueryableStateOptions.ENABLE_QUERYABLE_STATE_PROXY_SERVER, true);
        configuration.set(QueryableStateOptions.PROXY_PORT_RANGE, Integer.toString(proxyPort));
        configuration.set(QueryableStateOptions.SERVER_PORT_RANGE, Integer.toString(freePort()));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(96));
        return configuration;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
