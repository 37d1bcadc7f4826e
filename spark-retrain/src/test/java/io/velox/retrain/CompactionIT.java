package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.LogCut;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionIT {
    private static final Instant NOW = Instant.parse("2025-02-20T12:00:00Z");
    private static final LogCut NOTHING = new LogCut(0, Map.of());
    private static final Duration DAY = Duration.ofDays(1);

    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatIsLeftIsWhatTheOracleExpects(long seed) throws Exception {
        System.out.println("velox.seed=" + seed);
        Random random = new Random(seed);
        List<List<UserRecord>> partitions = randomLog(random);
        ArchiveFixture log = new ArchiveFixture(partitions.size());
        partitions.forEach(records -> records.forEach(log::add));
        Path store = folder.resolve("a [strange] {name} *");
        log.writeScattered(store, random);
        assertThat(positions(rows(store))).isEqualTo(all(partitions));

        compact(store, NOTHING, DAY);

        assertThat(positions(rows(store))).isEqualTo(left(partitions, NOTHING));
        assertThat(CutCoverage.firstGap(archive(store).current(), log.cut())).isEmpty();

        LogCut settled = new LogCut(0, Map.of(0, (long) partitions.get(0).size() / 2));
        compact(store, settled, DAY);

        assertThat(positions(rows(store))).isEqualTo(left(partitions, settled));
        assertThat(CutCoverage.firstGap(archive(store).current(), log.cut())).isEmpty();
    }

    @Test
    void withNothingForgottenEveryRowStaysAsItWasInFewerFiles() throws Exception {
        Random random = new Random(7);
        ArchiveFixture log = new ArchiveFixture(2);
        for (int i = 0; i < 400; i++) {
            log.rate("u" + random.nextInt(20), "\"i" + random.nextInt(30), random.nextInt(5));
        }
        log.writeScattered(folder, random);
        Set<String> before = texts(rows(folder));
        int files = archive(folder).current().size();

        assertThat(compact(folder, log.cut(), DAY)).isPositive();

        assertThat(texts(rows(folder))).isEqualTo(before);
        assertThat(archive(folder).current()).hasSizeLessThanOrEqualTo(files);
        assertThat(compact(folder, log.cut(), DAY)).as("the second time").isZero();
    }

    @Test
    void aMergeForgetsNothing() throws Exception {
        ArchiveFixture log = new ArchiveFixture(1).rate("u", "1", 1).rate("v", "1", 2);
        log.add(new UserRecord.Forgotten("u"));
        log.write(folder, 0, 0, 1, LocalDate.of(2025, 1, 1));
        log.write(folder, 0, 1, 3, LocalDate.of(2025, 1, 1));

        assertThat(compaction(folder, Optional.empty(), DAY).run()).isEqualTo(1);

        assertThat(positions(rows(folder))).containsExactlyInAnyOrder("0:0", "0:1", "0:2");
        assertThat(compact(folder, NOTHING, DAY)).isEqualTo(1);
        assertThat(positions(rows(folder))).containsExactlyInAnyOrder("0:1", "0:2");
    }

    @Test
    void replacedFilesStayForTheirReadersAndGoAfterTheGrace() throws Exception {
        ArchiveFixture log =
                new ArchiveFixture(1).rate("u", "1", 1).rate("u", "2", 2).rate("u", "3", 3);
        log.write(folder, 0, 0, 1, LocalDate.of(2025, 1, 1));
        log.write(folder, 0, 1, 3, LocalDate.of(2025, 1, 1));
        List<ArchiveFile> before = archive(folder).current();

        compact(folder, NOTHING, DAY);

        assertThat(before)
                .allSatisfy(file -> assertThat(folder.resolve(file.address())).exists());
        ArchiveFile merged = archive(folder).current().get(0);
        Files.setLastModifiedTime(
                folder.resolve(merged.address()), FileTime.from(NOW.minus(DAY).minusSeconds(1)));
        compact(folder, NOTHING, DAY);
        assertThat(before)
                .allSatisfy(file -> assertThat(folder.resolve(file.address())).doesNotExist());
        assertThat(rows(folder)).hasSize(3);
    }

    @Test
    void aCrashBeforeTheNewFileHasItsNameChangesNothing() throws Exception {
        ArchiveFixture log = new ArchiveFixture(1).rate("u", "1", 1).rate("u", "2", 2);
        log.write(folder, 0, 0, 2, LocalDate.of(2025, 1, 1));
        Files.createFile(folder.resolve("observations/2025-01-01/.writing-compact-crashed"));
        assertThat(rows(folder)).hasSize(2);
        assertThat(compact(folder, NOTHING, DAY)).isZero();
    }

    @Test
    void anEmptyStoreHasNothingToCompact() throws Exception {
        assertThat(compact(folder, NOTHING, DAY)).isZero();
    }

    private static List<List<UserRecord>> randomLog(Random random) {
        List<List<UserRecord>> partitions = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 400; i++) {
            String uid = "user " + random.nextInt(40);
            String item = "i" + random.nextInt(6);
            int what = random.nextInt(100);
            UserRecord record = what < 4
                    ? new UserRecord.Forgotten(uid)
                    : what < 14
                            ? new UserRecord.Withdrawn(uid, Item.ofId(item))
                            : what < 18
                                    ? new UserRecord.Rebased(uid, "als", 1, "m")
                                    : new UserRecord.Observed(
                                            uid,
                                            what < 30 ? new Item(Item.Kind.DATA, "[1,2]") : Item.ofId(item),
                                            random.nextInt(5),
                                            i,
                                            random.nextBoolean() ? null : "id" + random.nextInt(3),
                                            null);
            partitions.get(Math.floorMod(uid.hashCode(), 3)).add(record);
        }
        return partitions;
    }

    private static Set<String> all(List<List<UserRecord>> partitions) {
        Set<String> all = new HashSet<>();
        for (int p = 0; p < partitions.size(); p++) {
            for (int o = 0; o < partitions.get(p).size(); o++) {
                if (!(partitions.get(p).get(o) instanceof UserRecord.Rebased)) {
                    all.add(p + ":" + o);
                }
            }
        }
        return all;
    }

    /** Record by record, for each user alone. */
    private static Set<String> left(List<List<UserRecord>> partitions, LogCut settled) {
        Set<String> left = new HashSet<>();
        for (int p = 0; p < partitions.size(); p++) {
            List<UserRecord> records = partitions.get(p);
            Map<String, Integer> forgottenAt = new HashMap<>();
            Map<List<Object>, Integer> withdrawnAt = new HashMap<>();
            for (int o = 0; o < records.size(); o++) {
                if (records.get(o) instanceof UserRecord.Forgotten forgotten) {
                    forgottenAt.put(forgotten.uid(), o);
                } else if (records.get(o) instanceof UserRecord.Withdrawn withdrawn) {
                    withdrawnAt.put(List.of(withdrawn.uid(), withdrawn.item()), o);
                }
            }
            Set<List<Object>> spent = new HashSet<>();
            for (int o = 0; o < records.size(); o++) {
                UserRecord record = records.get(o);
                boolean isForgotten = o < forgottenAt.getOrDefault(record.uid(), -1);
                boolean goes = isForgotten || record instanceof UserRecord.Rebased;
                if (record instanceof UserRecord.Observed seen) {
                    List<Object> name = List.of(seen.uid(), seen.item(), String.valueOf(seen.id()));
                    boolean isWithdrawn = o < withdrawnAt.getOrDefault(List.of(seen.uid(), seen.item()), -1);
                    if (isWithdrawn && !isForgotten && seen.id() != null) {
                        spent.add(name);
                    }
                    goes |= isWithdrawn || spent.contains(name);
                } else if (settled.includes(p, o)) {
                    goes = true;
                }
                if (!goes) {
                    left.add(p + ":" + o);
                }
            }
        }
        return left;
    }

    private static int compact(Path store, LogCut settled, Duration grace) throws IOException {
        return compaction(store, Optional.of(settled), grace).run();
    }

    private static Compaction compaction(Path store, Optional<LogCut> settled, Duration grace) {
        CompactArguments arguments = new CompactArguments(store.toUri(), new TreeMap<>(), settled, grace, false);
        ModelStore opened = ModelStore.open(store.toUri(), Map.of());
        return new Compaction(spark, opened, arguments, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static ObservationArchive archive(Path store) {
        ModelStore opened = ModelStore.open(store.toUri(), Map.of());
        return new ObservationArchive(opened);
    }

    private static List<Row> rows(Path store) {
        ObservationArchive archive = archive(store);
        List<String> paths = archive.current().stream()
                .map(file -> archive.path(file).toString())
                .toList();
        return ArchiveRows.read(spark, paths).collectAsList();
    }

    private static Set<String> positions(List<Row> rows) {
        Set<String> positions = new HashSet<>();
        rows.forEach(row -> positions.add(row.getInt(1) + ":" + row.getLong(2)));
        return positions;
    }

    private static Set<String> texts(List<Row> rows) {
        Set<String> texts = new HashSet<>();
        rows.forEach(row -> texts.add(row.toString()));
        return texts;
    }
}
