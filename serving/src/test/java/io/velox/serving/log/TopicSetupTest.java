package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicSetupTest {
    private static Map<String, NewTopic> topics(int partitions, int replication) {
        return TopicSetup.topics(
                        new KafkaConfiguration("127.0.0.1:1", "velox", partitions, replication, 0), Duration.ofDays(12))
                .stream()
                .collect(Collectors.toMap(NewTopic::name, Function.identity()));
    }

    @Test
    void observationsAreKeptForEverAndUpdatesHaveTheSamePartitions() {
        Map<String, NewTopic> topics = topics(7, 1);
        assertThat(topics.get("velox.observations").numPartitions()).isEqualTo(7);
        assertThat(topics.get("velox.user-updates").numPartitions()).isEqualTo(7);
        assertThat(topics.get("velox.observations").configs())
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKeys("retention.ms", "retention.bytes");
        assertThat(topics.get("velox.user-updates").configs()).containsEntry("retention.ms", "3600000");
    }

    @Test
    void ofNewItemsTheNewestIsKeptAndTheOthersGoLongBeforeTheDays() {
        NewTopic items = topics(7, 1).get("velox.item-updates");
        assertThat(items.numPartitions()).isEqualTo(7);
        assertThat(items.configs()).containsEntry("cleanup.policy", "compact");
        assertThat(days(items.configs(), "max.compaction.lag.ms")).isEqualTo(1);
    }

    @Test
    void theLogIsCleanedByAgeAloneAndWithinTheDays() {
        Map<String, String> log = topics(7, 1).get("velox.observations").configs();
        assertThat(log).containsEntry("min.cleanable.dirty.ratio", "1.0");
        assertThat(days(log, "min.compaction.lag.ms")).isEqualTo(1);
        assertThat(days(log, "max.compaction.lag.ms")).isEqualTo(2);
        assertThat(days(log, "segment.ms")).isEqualTo(1);
        assertThat(days(log, "delete.retention.ms")).isEqualTo(1);
        ForgettingSchedule schedule = new ForgettingSchedule(Duration.ofDays(12));
        Duration gone = schedule.settledAfter().plus(schedule.cleanedAfter());
        assertThat(gone.plusHours(24)).isLessThanOrEqualTo(Duration.ofDays(12));
    }

    private static long days(Map<String, String> settings, String key) {
        return Duration.ofMillis(Long.parseLong(settings.get(key))).toDays();
    }

    @Test
    void aTopicAsWantedNeedsNoRepairAndAnotherIsRepairedByOneCommand() {
        NewTopic wanted = topics(1, 1).get("velox.observations");
        Map<String, String> settings = new HashMap<>(wanted.configs());
        settings.put("min.cleanable.dirty.ratio", "1");
        assertThat(TopicCheck.repair(wanted, config(settings), "b:1")).isEmpty();
        settings.put("segment.ms", "5");
        assertThat(TopicCheck.repair(wanted, config(settings), "b:1").orElseThrow())
                .endsWith("kafka-configs.sh --bootstrap-server b:1 --alter --entity-type topics"
                        + " --entity-name velox.observations --add-config segment.ms=86400000");
    }

    @Test
    void aLogOfBareUserIdsIsNeverToBeCompacted() {
        NewTopic wanted = topics(1, 1).get("velox.observations");
        Map<String, String> settings = new HashMap<>(wanted.configs());
        settings.put("cleanup.policy", "delete");
        assertThat(TopicCheck.repair(wanted, config(settings), "b:1").orElseThrow())
                .contains("cleanup.policy=delete")
                .contains("migrate partitions")
                .doesNotContain("add-config");
    }

    private static Config config(Map<String, String> settings) {
        return new Config(settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .toList());
    }

    @Test
    void catalogueHealthAndItemsAreCompactedInOnePartition() {
        Map<String, NewTopic> topics = topics(7, 1);
        for (String name : new String[] {"velox.catalog", "velox.health", "velox.items"}) {
            assertThat(topics.get(name).numPartitions()).isEqualTo(1);
            assertThat(topics.get(name).configs()).containsEntry("cleanup.policy", "compact");
        }
    }

    @Test
    void aMajorityOfTheReplicasMustBeInSync() {
        for (int[] pair : new int[][] {{1, 1}, {2, 2}, {3, 2}, {5, 3}}) {
            assertThat(topics(1, pair[0]).values()).allSatisfy(topic -> {
                assertThat(topic.replicationFactor()).isEqualTo((short) pair[0]);
                assertThat(topic.configs()).containsEntry("min.insync.replicas", Integer.toString(pair[1]));
            });
        }
    }
}
