package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forgetting, from outside: the answers at once; then, after a start, which is a run of forgetting, the versions, the archive and the
 * log. The brokers' days are seconds here; that the record of forgetting itself goes after a third of the days is shown elsewhere.
 */
class ForgettingIT {
    private static final String TOPIC = "velox.observations";
    private static final String GONE = "forget-me-7291";
    private static final String RETURNED = "comes-back-5513";
    private static final String ONLY_ITEM = "only-the-forgotten-rated-this-7291";
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    private Path folder;

    @Test
    void aForgottenUserLeavesEverythingAndOneWhoReturnsStartsAnew() throws Exception {
        Path configuration = Files.writeString(folder.resolve("velox.yaml"), """
                forgetting: {within-days: 1}
                models:
                  als: {kind: als, rank: 4, regularization: 0.1, iterations: 4, item-bias: true, prior: gaussian}
                """);
        List<Rating> others = ratings();
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "file", configuration)) {
            Loop loop = new Loop(velox.api());
            loop.awaitApplied(loop.observe(others));
            loop.awaitApplied(loop.observe(ratingsOf(GONE, "1", "2", ONLY_ITEM)));
            loop.awaitApplied(loop.observe(ratingsOf(RETURNED, "3", "4")));
            int version = loop.retrain("als");
            assertThat(mentions("models/als/" + version, GONE)).isNotEmpty();
            assertThat(mentions("observations", ONLY_ITEM))
                    .as("what is looked for can be found")
                    .isNotEmpty();
            secondsForDays();

            JsonNode forgotten =
                    velox.api().send("DELETE", "/v1/users/" + GONE, null, null).ok();
            assertThat(forgotten.get("until").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("archive", "checkpoints", "log", "offlineWeights");
            loop.userGone(GONE, forgotten.get("receipt").asText());
            velox.api().send("DELETE", "/v1/users/" + RETURNED, null, null).ok();
            List<Rating> again = ratingsOf(RETURNED, "5");
            JsonNode anew = loop.userAfter(RETURNED, loop.observe(again).get(RETURNED));
            assertThat(anew.get("history")).hasSize(1);
            assertThat(anew.at("/models/als/loss/count").asLong()).isEqualTo(1);
            loop.checkEveryUser("als", version, Histories.of(List.of(others, again)));

            int next = loop.retrain("als");
            assertThat(mentions("models/als/" + next, GONE)).isEmpty();
            assertThat(mentions("models/als/" + next, ONLY_ITEM)).isEmpty();
            loop.checkEveryUser("als", next, Histories.of(List.of(others, again)));
            Await.until("the job's checkpoint has all, as its committed offsets tell", PATIENCE, this::isCommitted);
            assertThat(velox.stop()).isZero();
        }
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "file", configuration)) {
            Loop loop = new Loop(velox.api());
            Await.until("the versions forget", PATIENCE, () -> mentions("models", GONE)
                    .isEmpty());
            Await.until("the archive is compacted", PATIENCE, () -> isCompacted());
            Await.until("the log forgets", PATIENCE, () -> {
                loop.observe(others); // segments are closed by the records that come after them
                return observationsInTheLog(GONE) == 0;
            });
            assertThat(observationsInTheLog(RETURNED)).isEqualTo(1);
            loop.checkEveryUser("als", 2, Histories.of(List.of(others, ratingsOf(RETURNED, "5"))));
        }
    }

    private static List<Rating> ratings() {
        Random random = new Random(5);
        List<Rating> ratings = new ArrayList<>();
        for (int user = 0; user < 60; user++) {
            for (int item = 0; item < 12; item++) {
                ratings.add(new Rating(
                        "u" + user, String.valueOf((user + 7 * item) % 40), 1 + random.nextInt(5), 1_700_000_000L));
            }
        }
        return ratings;
    }

    private static List<Rating> ratingsOf(String user, String... items) {
        return Stream.of(items)
                .map(item -> new Rating(user, item, 4, 1_700_000_000L))
                .toList();
    }

    /** The files under a folder of the store that hold some text. */
    private List<Path> mentions(String under, String text) {
        try (Stream<Path> files = Files.walk(folder.resolve("data/store").resolve(under))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> bytes(file).contains(text))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(folder); // a file went while it was looked at: look again
        }
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether rewritten files without the forgotten user's rows are there; those that they replace stay for a while. */
    private boolean isCompacted() {
        try (Stream<Path> files = Files.walk(folder.resolve("data/store/observations"))) {
            List<Path> rewritten = files.filter(file -> file.toString().matches(".*\\.g\\d+\\.parquet"))
                    .toList();
            return !rewritten.isEmpty()
                    && rewritten.stream().noneMatch(file -> bytes(file).contains(ONLY_ITEM));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String brokers() {
        Properties ports = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve("data/ports.properties"))) {
            ports.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "127.0.0.1:" + ports.getProperty("kafka");
    }

    private void secondsForDays() throws Exception {
        List<AlterConfigOp> changes = Stream.of(
                        Map.entry("segment.ms", "1000"),
                        Map.entry("min.compaction.lag.ms", "0"),
                        Map.entry("max.compaction.lag.ms", "1000"),
                        Map.entry("delete.retention.ms", "0"))
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC), changes))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    /** What the record of forgetting waits for before it goes. */
    private boolean isCommitted() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
            var committed = admin.listConsumerGroupOffsets("velox-job")
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            committed.keySet().stream()
                    .filter(partition -> partition.topic().equals(TOPIC))
                    .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            var ends = admin.listOffsets(latest).all().get(20, TimeUnit.SECONDS);
            return !ends.isEmpty()
                    && ends.entrySet().stream()
                            .allMatch(end -> committed.get(end.getKey()).offset()
                                    >= end.getValue().offset());
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** How many observations of a user the log holds. */
    private int observationsInTheLog(String uid) {
        int found = 0;
        Map<String, Object> settings = Map.of("bootstrap.servers", brokers(), "enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(TOPIC, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    String value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
                    found += value.contains("\"" + uid + "\"") && value.contains("observed") ? 1 : 0;
                }
            }
        }
        return found;
    }
}
