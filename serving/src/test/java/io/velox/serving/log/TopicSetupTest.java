package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicSetupTest {
    private static Map<String, NewTopic> topics(int partitions, int replication) {
        return TopicSetup.topics(new KafkaConfiguration("127.0.0.1:1", "velox", partitions, replication, 0)).stream()
                .collect(Collectors.toMap(NewTopic::name, Function.identity()));
    }

    @Test
    void observationsAreKeptForEverAndUpdatesHaveTheSamePartitions() {
        Map<String, NewTopic> topics = topics(7, 1);
        assertThat(topics.get("velox.observations").numPartitions()).isEqualTo(7);
        assertThat(topics.get("velox.user-updates").numPartitions()).isEqualTo(7);
        assertThat(topics.get("velox.observations").configs())
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1")
                .containsEntry("cleanup.policy", "delete");
        assertThat(topics.get("velox.user-updates").configs()).containsEntry("retention.ms", "3600000");
    }

    @Test
    void catalogueAndHealthAreCompactedInOnePartition() {
        Map<String, NewTopic> topics = topics(7, 1);
        for (String name : new String[] {"velox.catalog", "velox.health"}) {
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
