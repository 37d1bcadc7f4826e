package io.velox.serving.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.TopicConfig;

/** The settings of the topic of observations, and what those of an existing one mean. */
public final class LogSettings {
    /**
     * A broker cleans a segment only if its keys fit into {@code log.cleaner.dedupe.buffer.size}, 24 bytes each at 90%; a segment of
     * this size holds 930,000 tombstones at most, which need 24 MiB for each cleaner thread. Kafka's default is 128 MiB.
     */
    private static final int SEGMENT_BYTES = 16 << 20;

    private LogSettings() {}

    /** Every record is kept until its tombstone comes; only the age of what is uncleaned sets the cleaner off. */
    static Map<String, String> of(Duration forgettingWithin) {
        ForgettingSchedule schedule = new ForgettingSchedule(forgettingWithin);
        Map<String, String> settings = new TreeMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        settings.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "1.0");
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES));
        settings.put(TopicConfig.SEGMENT_MS_CONFIG, millis(schedule.segmentAge()));
        settings.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, millis(schedule.minCompactionLag()));
        settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, millis(schedule.maxCompactionLag()));
        settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, millis(schedule.tombstoneRetention()));
        return settings;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    /** Why records under tombstones would stay in the topic, or take others with them; empty for a topic as {@link #of} makes it. */
    static Optional<String> obstacle(String topic, Config found) {
        List<String> policies =
                List.of(found.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().split(","));
        return policies.equals(List.of(TopicConfig.CLEANUP_POLICY_COMPACT))
                ? Optional.empty()
                : Optional.of("topic " + topic + " has cleanup.policy=" + String.join(",", policies)
                        + ", so that single records cannot be taken out of it; `scripts/velox migrate partitions`"
                        + " copies it into one that can, even to the same number of partitions");
    }
}
