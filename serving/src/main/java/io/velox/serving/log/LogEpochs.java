package io.velox.serving.log;

import static java.util.Objects.requireNonNull;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The epochs of the log of observations that the brokers hold, in ascending order: one topic each, of which the last complete one is
 * the log, and those before it are what it was copied from.
 *
 * <p>A copy that is being made takes its records' times from the records; when it is complete, its times become the broker's
 * ({@code LogAppendTime}), as a live log's are. That setting is what tells the one from the other.
 */
public record LogEpochs(List<Epoch> all) {
    /**
     * One epoch's topic.
     *
     * @param isComplete whether it is a log, and not a copy that was begun
     */
    public record Epoch(int number, String topic, int partitions, boolean isComplete) {}

    public LogEpochs {
        all = all.stream().sorted(Comparator.comparingInt(Epoch::number)).toList();
    }

    /**
     * Asks the brokers. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public static LogEpochs read(Admin admin, KafkaConfiguration kafka) {
        Pattern name = Pattern.compile(
                Pattern.quote(new Topics(kafka.topicPrefix(), 0).observations()) + "(?:-([1-9]\\d{0,5}))?");
        List<String> topics = await(admin.listTopics().names()).stream()
                .filter(name.asMatchPredicate())
                .toList();
        Map<String, TopicDescription> described =
                await(admin.describeTopics(topics).allTopicNames());
        List<Epoch> epochs = new ArrayList<>();
        described.forEach((topic, description) -> {
            var matcher = name.matcher(topic);
            int number = matcher.matches() && matcher.group(1) != null ? Integer.parseInt(matcher.group(1)) : 0;
            boolean isComplete = number == 0 || isLive(admin, topic);
            epochs.add(new Epoch(number, topic, description.partitions().size(), isComplete));
        });
        return new LogEpochs(epochs);
    }

    private static boolean isLive(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var config = requireNonNull(
                await(admin.describeConfigs(List.of(resource)).all()).get(resource), topic);
        return config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value().equals("LogAppendTime");
    }

    /** Makes a complete copy the log. */
    public static void complete(Admin admin, String topic) {
        var operation = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"), AlterConfigOp.OpType.SET);
        await(admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(operation)))
                .all());
    }

    /** Deletes topics, of which some may not be there. */
    public static void delete(Admin admin, Collection<String> topics) {
        List<String> present = await(admin.listTopics().names()).stream()
                .filter(topics::contains)
                .toList();
        await(admin.deleteTopics(present).all());
    }

    public Optional<Epoch> epoch(int number) {
        return all.stream().filter(epoch -> epoch.number() == number).findFirst();
    }

    /** The log as it is now. */
    public Optional<Epoch> newestComplete() {
        return all.stream().filter(Epoch::isComplete).reduce((older, newer) -> newer);
    }

    /**
     * Checks that the configuration names the log as it is, so that nobody starts on one that was left behind, or on an empty one.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION}, saying which keys to set or what to run
     */
    void check(KafkaConfiguration kafka) {
        Optional<Epoch> newest = newestComplete();
        if (newest.isEmpty()) {
            return;
        }
        Epoch log = newest.get();
        String keys = "kafka.epoch: " + log.number() + " and kafka.partitions: " + log.partitions();
        String migrate = "`scripts/velox migrate partitions --to " + kafka.partitions() + "`, with Velox stopped";
        if (log.number() > kafka.epoch()) {
            throw invalid(
                    "kafka.epoch",
                    "kafka.epoch is " + kafka.epoch() + ", but the log was migrated to epoch " + log.number() + " with "
                            + log.partitions() + " partitions; set " + keys);
        }
        if (log.number() < kafka.epoch()) {
            boolean isBegun = epoch(kafka.epoch()).isPresent();
            throw invalid(
                    "kafka.epoch",
                    "kafka.epoch is " + kafka.epoch() + ", but "
                            + (isBegun
                                    ? "the migration to that epoch has not been finished"
                                    : "the log has only come to epoch " + log.number())
                            + "; run " + migrate + ", or set " + keys);
        }
        if (log.partitions() != kafka.partitions()) {
            throw invalid(
                    "kafka.partitions",
                    "kafka.partitions is " + kafka.partitions() + ", but topic " + log.topic() + " has "
                            + log.partitions() + ", and users' receipts are positions in them; set kafka.partitions to "
                            + log.partitions() + ", or run " + migrate);
        }
    }

    private static VeloxException invalid(String key, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, key, message);
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE, "the brokers do not tell about the log: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "interrupted while asking the brokers", e);
        }
    }
}
