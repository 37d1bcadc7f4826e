package io.velox.serving.log;

import static java.util.Objects.requireNonNull;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates the topics that are missing, each with the settings that Velox relies on; refuses ones of another shape, and warns of ones
 * with other settings.
 */
public final class TopicSetup {
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int PAUSE_MS = 50;

    private TopicSetup() {}

    /**
     * Returns when every topic exists and every partition has a leader. Blocks, for half a minute at most.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION} if a topic has another number of partitions than {@code kafka.partitions}
     *     says, or if there are fewer brokers than {@code kafka.replication} says; {@code LOG_UNAVAILABLE}
     */
    public static void ensure(VeloxConfiguration configuration) {
        KafkaConfiguration kafka = configuration.kafka();
        try (Admin admin = new KafkaClients(kafka.bootstrapServers()).admin("velox-topic-setup")) {
            LogEpochs.read(admin, kafka).check(kafka);
            List<NewTopic> topics = topics(kafka, configuration.forgetting().within());
            admin.createTopics(topics).values().forEach((topic, created) -> awaitCreated(topic, created, kafka));
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            for (NewTopic topic : topics) {
                check(topic, describe(admin, topic.name(), deadline), kafka);
            }
            TopicCheck.warn(admin, topics, kafka.bootstrapServers());
        }
    }

    /**
     * Creates the observations topic of a later epoch, to be filled with records that bear the times at which they arrived in the log
     * before. Blocks, for half a minute at most: a topic of that name may still be being deleted.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION}, {@code LOG_UNAVAILABLE}
     */
    public static void createCopy(Admin admin, KafkaConfiguration kafka, Duration forgettingWithin) {
        NewTopic log = topics(kafka, forgettingWithin).get(0);
        Map<String, String> settings = new HashMap<>(log.configs());
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        NewTopic copy = log.configs(settings);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!isCreated(admin, copy, kafka)) {
            if (System.nanoTime() > deadline) {
                throw new VeloxException(
                        ErrorCode.LOG_UNAVAILABLE, "topic " + copy.name() + " is there already, and is not deleted");
            }
            pause(copy.name());
        }
        describe(admin, copy.name(), deadline);
    }

    private static boolean isCreated(Admin admin, NewTopic topic, KafkaConfiguration kafka) {
        var created = admin.createTopics(List.of(topic)).all();
        try {
            created.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            awaitCreated(topic.name(), created, kafka);
            return true;
        } catch (InterruptedException e) {
            throw interrupted(topic.name(), e);
        }
    }

    static List<NewTopic> topics(KafkaConfiguration kafka, Duration forgettingWithin) {
        Topics names = kafka.topics();
        return List.of(
                topic(names.observations(), kafka.partitions(), kafka, LogSettings.of(forgettingWithin)),
                topic(
                        names.userUpdates(),
                        kafka.partitions(),
                        kafka,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(HOUR_MS),
                                TopicConfig.SEGMENT_MS_CONFIG,
                                Long.toString(HOUR_MS / 4))),
                topic(names.itemUpdates(), kafka.partitions(), kafka, compactedWithin(forgettingWithin.dividedBy(12))),
                topic(names.catalogue(), 1, kafka, compacted()),
                topic(names.health(), 1, kafka, compacted()),
                topic(names.items(), 1, kafka, compacted()));
    }

    /** Read from the beginning at each start, so the segments are small and cleaned early. */
    private static Map<String, String> compacted() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(2 << 20),
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(HOUR_MS),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1");
    }

    /** What users had a share in: sums of before they were forgotten are to be gone in time. */
    private static Map<String, String> compactedWithin(Duration most) {
        Map<String, String> settings = new HashMap<>(compacted());
        settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(most.toMillis()));
        return settings;
    }

    private static NewTopic topic(String name, int partitions, KafkaConfiguration kafka, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(kafka.replication() / 2 + 1));
        return new NewTopic(name, partitions, (short) kafka.replication()).configs(all);
    }

    private static void awaitCreated(String topic, KafkaFuture<Void> created, KafkaConfiguration kafka) {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return;
            }
            if (e.getCause() instanceof InvalidReplicationFactorException) {
                throw invalid("kafka.replication is " + kafka.replication() + ", but there are fewer brokers: "
                        + e.getCause().getMessage());
            }
            throw unavailable(topic, e);
        } catch (InterruptedException e) {
            throw interrupted(topic, e);
        }
    }

    /** The topic, as soon as all its partitions have leaders. */
    private static TopicDescription describe(Admin admin, String topic, long deadline) {
        while (true) {
            try {
                TopicDescription description = requireNonNull(
                        admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic),
                        topic);
                if (description.partitions().stream().allMatch(p -> p.leader() != null)) {
                    return description;
                }
                if (System.nanoTime() > deadline) {
                    throw new VeloxException(
                            ErrorCode.LOG_UNAVAILABLE, "topic " + topic + " has a partition without a leader");
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw unavailable(topic, e);
                }
            } catch (InterruptedException e) {
                throw interrupted(topic, e);
            }
            pause(topic);
        }
    }

    private static void check(NewTopic wanted, TopicDescription found, KafkaConfiguration kafka) {
        int partitions = found.partitions().size();
        if (partitions == wanted.numPartitions()) {
            return;
        }
        if (wanted.numPartitions() == 1 && !wanted.name().equals(kafka.topics().observations())) {
            throw invalid("topic " + wanted.name() + " has " + partitions
                    + " partitions, but must have one; delete it, or set another kafka.topic-prefix");
        }
        throw VeloxException.ofField(
                ErrorCode.INVALID_CONFIGURATION,
                "kafka.partitions",
                "kafka.partitions is " + kafka.partitions() + ", but topic " + wanted.name() + " has " + partitions
                        + "; delete it, and it is made anew: it only passes on what the job learns");
    }

    private static void pause(String topic) {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            throw interrupted(topic, e);
        }
    }

    private static VeloxException invalid(String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, "kafka.replication", message);
    }

    private static VeloxException unavailable(String topic, ExecutionException e) {
        return new VeloxException(
                ErrorCode.LOG_UNAVAILABLE, "topic " + topic + " cannot be set up: " + e.getCause(), e);
    }

    private static VeloxException interrupted(String topic, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "interrupted while setting up topic " + topic, e);
    }
}
