package io.velox.serving.forgetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import io.velox.core.user.Revision;
import io.velox.serving.lifecycle.ArchiveCompactor;
import io.velox.serving.log.ForgettingSchedule;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaLogTail;
import io.velox.serving.log.KafkaObservationLog;
import io.velox.serving.log.TopicCheck;
import io.velox.serving.log.TopicSetup;
import io.velox.serving.log.UserPartitions;
import io.velox.standalone.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forgetting in the log of a real broker, whose days are seconds. */
@Timeout(300)
class ForgettingLogIT {
    private static final String TOPIC = "velox.observations";
    private static final int PARTITIONS = 3;
    private static final UserPartitions USERS = new UserPartitions(0, PARTITIONS);
    private static final Duration DEADLINE = Duration.ofSeconds(150);

    @TempDir
    private Path folder;

    private final AtomicBoolean isCheckpointed = new AtomicBoolean(true);
    private final List<LogCut> compactions = new ArrayList<>();
    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private KafkaObservationLog log;
    private KafkaLogTail tail;
    private ModelStore store;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), new EmbeddedKafka.KafkaPorts(freePort(), freePort()));
        clients = new KafkaClients(kafka.bootstrapServers());
        TopicSetup.ensure(configuration());
        try (Admin admin = clients.admin("test")) {
            alter(admin, ConfigResource.Type.BROKER, "", Map.of("log.cleaner.backoff.ms", "300"));
        }
        log = new KafkaObservationLog(
                clients.observationProducer("test"), TOPIC, USERS, 10_000, Duration.ofSeconds(10));
        tail = new KafkaLogTail(() -> clients.consumer("test-tail"), TOPIC, USERS);
        store = ModelStore.open(folder.resolve("store").toUri(), Map.of());
    }

    @AfterEach
    void stop() {
        log.close();
        store.close();
        kafka.close();
    }

    @Test
    void whatIsForgottenLeavesTheLogAndNothingElseDoes() throws Exception {
        List<UserRecord> written = randomRecords(new Random(11));
        List<Revision> positions =
                log.append(written).orTimeout(30, TimeUnit.SECONDS).join();
        Map<String, Map<Item, Double>> state = histories(records());
        Set<Revision> expected = left(written, positions);
        secondsForDays();
        Forgetter forgetter = forgetter();

        await(() -> {
            run(forgetter);
            return !mentions("gone-");
        });

        List<ConsumerRecord<byte[], byte[]>> kept =
                records().stream().filter(record -> record.value() != null).toList();
        assertThat(kept)
                .extracting(record -> new Revision(0, record.partition(), record.offset()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(histories(kept))
                .as("a job without a checkpoint ends in the same state")
                .isEqualTo(state);
        assertThat(tail.lastRecords().keySet())
                .allSatisfy(uid -> assertThat(uid).startsWith("stays-"));
        assertThat(tail.end().endOffsets().values().stream()
                        .mapToLong(end -> end)
                        .sum())
                .as("offsets are never used again")
                .isGreaterThanOrEqualTo(written.size());
        assertThat(compactions).isNotEmpty();
        List<String> users = new ArrayList<>();
        tail.users(new LogCut(0, Map.of()), tail.end(), users::add);
        assertThat(users).isNotEmpty().allSatisfy(uid -> assertThat(uid).startsWith("stays-"));
    }

    @Test
    void whatForgetsStaysUntilTheJobsCheckpointHasIt() throws Exception {
        isCheckpointed.set(false);
        log.append(List.of(observed("gone-1", "a"), new UserRecord.Forgotten("gone-1")))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        secondsForDays();
        Forgetter forgetter = forgetter();
        await(() -> {
            run(forgetter);
            return values().equals(Set.of("Forgotten"));
        });
        long settledBy = System.nanoTime() + Duration.ofSeconds(25).toNanos();
        await(() -> {
            run(forgetter);
            return System.nanoTime() > settledBy;
        });
        assertThat(values()).containsExactly("Forgotten");

        isCheckpointed.set(true);
        Forgetter restarted = forgetter(); // which knows how far the one before had come
        await(() -> {
            run(restarted);
            return !mentions("gone-");
        });
    }

    @Test
    void aLogOfBareUserIdsIsLeftAlone() throws Exception {
        try (Admin admin = clients.admin("test")) {
            alter(admin, ConfigResource.Type.TOPIC, TOPIC, Map.of("cleanup.policy", "delete"));
        }
        log.append(List.of(observed("gone-1", "a"), new UserRecord.Forgotten("gone-1")))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        await(() -> TopicCheck.obstacleToForgetting(clients, TOPIC).isPresent());

        run(forgetter());

        assertThat(records()).hasSize(2).allSatisfy(record -> assertThat(record.value())
                .isNotNull());
        assertThat(TopicCheck.obstacleToForgetting(clients, TOPIC).orElseThrow())
                .contains("migrate partitions");
        assertThat(compactions).as("the archive forgets all the same").hasSize(1);
    }

    private static void run(Forgetter forgetter) {
        try {
            forgetter.forget();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Forgetter forgetter() {
        ForgettingSchedule schedule = new ForgettingSchedule(Duration.ofSeconds(60));
        Forgetter.Ports ports = new Forgetter.Ports(
                tail,
                new LogPurge(new LogScan(() -> clients.consumer("test-purge"), TOPIC), 0),
                () -> TopicCheck.obstacleToForgetting(clients, TOPIC),
                () -> isCheckpointed.get() ? tail.end() : new LogCut(0, Map.of()),
                () -> new Tombstones(clients.observationProducer("test-tombstones"), TOPIC, 100_000),
                new OfflineUsers(store, List::of, (version, from, to) -> {
                    throw new AssertionError("there are no versions");
                }),
                new ArchiveUpkeep(
                        new ObservationArchive(store),
                        new ArchiveCompactor() {
                            @Override
                            public CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace) {
                                compactions.add(settled.orElseThrow());
                                return CompletableFuture.completedFuture(null);
                            }

                            @Override
                            public Optional<Instant> readingSince() {
                                return Optional.empty();
                            }
                        },
                        Duration.ofSeconds(10),
                        Clock.systemUTC()),
                new ProgressFile(store));
        return new Forgetter(ports, 0, schedule, Clock.systemUTC());
    }

    private VeloxConfiguration configuration() {
        return ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "VELOX_KAFKA_PARTITIONS",
                        String.valueOf(PARTITIONS)));
    }

    /** Shorter than what the schedule makes of a minute, so that a busy machine does in time what brokers do in days. */
    private void secondsForDays() throws Exception {
        try (Admin admin = clients.admin("test")) {
            alter(
                    admin,
                    ConfigResource.Type.TOPIC,
                    TOPIC,
                    Map.of(
                            "segment.ms", "1000",
                            "min.compaction.lag.ms", "1000",
                            "max.compaction.lag.ms", "2000",
                            "delete.retention.ms", "1000"));
        }
    }

    private static void alter(Admin admin, ConfigResource.Type type, String name, Map<String, String> settings)
            throws Exception {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, name), changes))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static UserRecord observed(String uid, String item) {
        return new UserRecord.Observed(uid, Item.ofId(item), 3, 1, null, null);
    }

    /** Users who stay and users who are forgotten; of both, some who withdraw, and some who return. */
    private static List<UserRecord> randomRecords(Random random) {
        List<UserRecord> records = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String uid = (random.nextInt(3) == 0 ? "gone-" : "stays-") + random.nextInt(50);
            Item item = Item.ofId("i" + random.nextInt(8));
            int what = random.nextInt(20);
            records.add(
                    what == 0
                            ? new UserRecord.Withdrawn(uid, item)
                            : what == 1 ? new UserRecord.Rebased(uid, "als", 1, "m") : rated(uid, item, i, random));
            if (uid.startsWith("stays-") && random.nextInt(60) == 0) {
                records.add(new UserRecord.Forgotten(uid));
                records.add(observed(uid, "after"));
            }
        }
        for (int i = 0; i < 50; i++) {
            records.add(new UserRecord.Forgotten("gone-" + i));
            records.add(observed("stays-" + i, "last"));
        }
        return records;
    }

    private static UserRecord rated(String uid, Item item, int i, Random random) {
        return new UserRecord.Observed(uid, item, random.nextInt(5), i, null, null);
    }

    /** The observations that no later record of their user makes void. */
    private static Set<Revision> left(List<UserRecord> records, List<Revision> positions) {
        Map<String, Integer> forgottenAt = new TreeMap<>();
        Map<String, Integer> withdrawnAt = new TreeMap<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof UserRecord.Forgotten forgotten) {
                forgottenAt.put(forgotten.uid(), i);
            } else if (records.get(i) instanceof UserRecord.Withdrawn withdrawn) {
                withdrawnAt.put(withdrawn.uid() + " " + withdrawn.item().text(), i);
            }
        }
        Set<Revision> left = new HashSet<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof UserRecord.Observed seen
                    && i > forgottenAt.getOrDefault(seen.uid(), -1)
                    && i
                            > withdrawnAt.getOrDefault(
                                    seen.uid() + " " + seen.item().text(), -1)) {
                left.add(positions.get(i));
            }
        }
        return left;
    }

    /** Users with a history, as the job would have them. */
    private static Map<String, Map<Item, Double>> histories(List<ConsumerRecord<byte[], byte[]>> records)
            throws IOException {
        Map<String, Map<Item, Double>> users = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            UserRecord content = RecordCodec.read(record.value(), UserRecord.class);
            Map<Item, Double> history = users.computeIfAbsent(content.uid(), uid -> new java.util.HashMap<>());
            if (content instanceof UserRecord.Observed seen) {
                history.put(seen.item(), seen.label());
            } else if (content instanceof UserRecord.Withdrawn withdrawn) {
                history.remove(withdrawn.item());
            } else if (content instanceof UserRecord.Forgotten) {
                history.clear();
            }
        }
        users.values().removeIf(Map::isEmpty);
        return users;
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        LogCut all = new LogCut(0, Map.of());
        new LogScan(() -> clients.consumer("test-reader"), TOPIC).read(all, tail.end(), records::add);
        return records;
    }

    private Set<String> values() {
        Set<String> values = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records()) {
            LogRecords.removable(record)
                    .ifPresent(content -> values.add(content.getClass().getSimpleName()));
        }
        return values;
    }

    /** Whether any byte of the log tells of such a user. */
    private boolean mentions(String prefix) {
        return records().stream()
                .anyMatch(record -> RecordKey.uid(record.key()).orElse(prefix).startsWith(prefix)
                        || (record.value() != null
                                && new String(record.value(), StandardCharsets.UTF_8).contains(prefix)));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come to that within " + DEADLINE);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
