package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaObservationLog;
import io.velox.serving.log.TopicSetup;
import io.velox.serving.log.UserPartitions;
import io.velox.serving.migrate.MigrationReport;
import io.velox.serving.migrate.PartitionMigration;
import io.velox.serving.migrate.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PartitionMigrationIT {
    private static final int USERS = 40;

    private EmbeddedKafka kafka;
    private KafkaClients clients;

    @BeforeEach
    void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(
                directory.resolve("kafka"),
                EmbeddedKafka.KafkaPorts.take(
                        new Ports(directory.resolve("ports.properties"), new SplittableRandom())));
        clients = new KafkaClients(kafka.bootstrapServers());
        TopicSetup.ensure(configuration(4, 0));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void everyUsersRecordsAreInTheirOrderAndOfTheirTimeInTheNewPartitions() throws Exception {
        fill(5_000);
        Map<String, List<String>> before = records("velox.observations", 4);

        MigrationReport report = migration().run(7);

        assertThat(report.copied()).isEqualTo(5_000);
        assertThat(report.to().topic()).isEqualTo("velox.observations-1");
        assertThat(records("velox.observations-1", 7)).isEqualTo(before);
        assertThat(read("velox.observations-1", 7)).allSatisfy(record -> assertThat(record.partition())
                .isEqualTo(new UserPartitions(1, 7).of(decode(record).uid())));
        for (int partition = 0; partition < 7; partition++) {
            int wanted = partition;
            assertThat(read("velox.observations-1", 7).stream()
                            .filter(record -> record.partition() == wanted)
                            .map(ConsumerRecord::timestamp))
                    .isSorted();
        }
    }

    @Test
    void afterItOnlyTheNewEpochStarts() throws Exception {
        fill(100);
        migration().run(7);
        assertThatThrownBy(() -> TopicSetup.ensure(configuration(4, 0)))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("set kafka.epoch: 1 and kafka.partitions: 7");
        TopicSetup.ensure(configuration(7, 1));
        fill(1, 1);
        assertThat(read("velox.observations-1", 7)).hasSize(101);
    }

    @Test
    void withoutItAChangedNumberOfPartitionsOrEpochIsRefusedNamingTheCommand() {
        assertThatThrownBy(() -> TopicSetup.ensure(configuration(7, 0)))
                .hasMessageContaining("kafka.partitions is 7")
                .hasMessageContaining("scripts/velox migrate partitions --to 7");
        assertThatThrownBy(() -> TopicSetup.ensure(configuration(7, 1)))
                .hasMessageContaining("kafka.epoch is 1")
                .hasMessageContaining("scripts/velox migrate partitions --to 7");
    }

    @Test
    void aCopyThatWasBrokenOffIsNotTakenForTheLogAndIsMadeAnew() throws Exception {
        fill(300);
        try (Admin admin = clients.admin("test")) {
            admin.createTopics(List.of(new NewTopic("velox.observations-1", 5, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        try (var producer = clients.copyProducer("test")) {
            producer.send(new ProducerRecord<>("velox.observations-1", new byte[1], new byte[1]))
                    .get(20, TimeUnit.SECONDS);
        }
        TopicSetup.ensure(configuration(4, 0));
        assertThatThrownBy(() -> TopicSetup.ensure(configuration(5, 1))).hasMessageContaining("not been finished");
        assertThat(migration().run(7).copied()).isEqualTo(300);
        assertThat(read("velox.observations-1", 7)).hasSize(300);
    }

    @Test
    void onceMoreToTheSameNumberSaysWhatToSetAndToAnotherGoesOnFromTheNewLog() throws Exception {
        fill(50);
        migration().run(7);
        assertThatThrownBy(() -> migration().run(7)).hasMessageContaining("kafka.epoch: 1 and kafka.partitions: 7");
        assertThat(migration().run(3).to().topic()).isEqualTo("velox.observations-2");
        assertThat(read("velox.observations-2", 3)).hasSize(50);
    }

    @Test
    void aRehearsalChangesNothing() throws Exception {
        fill(10);
        write(
                new UserRecord.Forgotten("u0"),
                new UserRecord.Rebased("u1", "als", 1, "models/als/1/manifest.json"),
                new UserRecord.Withdrawn("u2", Item.ofId("i2")));
        assertThat(migration().rehearse(7).records())
                .isEqualTo(
                        Map.of(Verdict.COPIED, 9L, Verdict.FORGOTTEN, 1L, Verdict.REBASED, 1L, Verdict.WITHDRAWN, 2L));
        TopicSetup.ensure(configuration(4, 0));
        try (Admin admin = clients.admin("test")) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain("velox.observations-1");
        }
    }

    private PartitionMigration migration() {
        return new PartitionMigration(configuration(4, 0), Duration.ZERO, line -> {});
    }

    private VeloxConfiguration configuration(int partitions, int epoch) {
        return ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                        "VELOX_KAFKA_PARTITIONS", Integer.toString(partitions),
                        "VELOX_KAFKA_EPOCH", Integer.toString(epoch)));
    }

    private void fill(int records) throws Exception {
        fill(records, 0);
    }

    private void fill(int records, int epoch) throws Exception {
        UserRecord[] all = IntStream.range(0, records)
                .mapToObj(i -> new UserRecord.Observed(
                        "u" + i % USERS, Item.ofId("i" + i), i % 5, 1_700_000_000_000L + i, null, null))
                .toArray(UserRecord[]::new);
        write(epoch, all);
    }

    private void write(UserRecord... records) throws Exception {
        write(0, records);
    }

    private void write(int epoch, UserRecord... records) throws Exception {
        String topic = configuration(4, epoch).kafka().topics().observations();
        try (KafkaObservationLog log = new KafkaObservationLog(
                clients.observationProducer("test"),
                topic,
                new UserPartitions(epoch, epoch == 0 ? 4 : 7),
                100_000,
                Duration.ofSeconds(20))) {
            for (int from = 0; from < records.length; from += 500) {
                log.append(List.of(records).subList(from, Math.min(records.length, from + 500)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** Of each user, in the log's order: when it arrived, and what it says. */
    private Map<String, List<String>> records(String topic, int partitions) {
        Map<String, List<String>> byUser = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topic, partitions)) {
            byUser.computeIfAbsent(decode(record).uid(), uid -> new ArrayList<>())
                    .add(record.timestamp() + " " + decode(record));
        }
        return byUser;
    }

    private static UserRecord decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return RecordCodec.read(record.value(), UserRecord.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<TopicPartition> partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = clients.consumer("test")) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
