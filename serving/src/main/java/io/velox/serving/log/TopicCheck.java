package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares topics that exist with what Velox would make of them. They are left as they are: their operator may have reasons. */
public final class TopicCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);

    private TopicCheck() {}

    /** Warns of each topic with other settings, with the command that repairs it. */
    static void warn(Admin admin, Collection<NewTopic> wanted, String bootstrapServers) {
        Map<String, Config> found =
                configs(admin, wanted.stream().map(NewTopic::name).toList());
        for (NewTopic topic : wanted) {
            Config config = Objects.requireNonNull(found.get(topic.name()), topic.name());
            repair(topic, config, bootstrapServers).ifPresent(LOG::warn);
        }
    }

    /** What is to be said of a topic; empty when it is as wanted. */
    static Optional<String> repair(NewTopic wanted, Config found, String bootstrapServers) {
        Map<String, String> settings = Objects.requireNonNull(wanted.configs());
        Map<String, String> different = new TreeMap<>(settings);
        different
                .entrySet()
                .removeIf(setting ->
                        isSame(setting.getValue(), found.get(setting.getKey()).value()));
        if (different.isEmpty()) {
            return Optional.empty();
        }
        boolean isLog = TopicConfig.CLEANUP_POLICY_COMPACT.equals(settings.get(TopicConfig.CLEANUP_POLICY_CONFIG))
                && settings.containsKey(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
        if (isLog && different.containsKey(TopicConfig.CLEANUP_POLICY_CONFIG)) {
            // Compacting records whose key is the user would keep the last one of each user only.
            return LogSettings.obstacle(wanted.name(), found);
        }
        return Optional.of("topic " + wanted.name() + " has other settings than Velox relies on; repair it with"
                + " kafka-configs.sh --bootstrap-server " + bootstrapServers
                + " --alter --entity-type topics --entity-name " + wanted.name() + " --add-config "
                + different.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(",")));
    }

    private static boolean isSame(String wanted, String found) {
        return wanted.equals(found)
                || (wanted.matches("[0-9.]+")
                        && found.matches("[0-9.]+")
                        && Double.parseDouble(wanted) == Double.parseDouble(found));
    }

    /**
     * Why the log of observations cannot forget; empty when it can.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}
     */
    public static Optional<String> obstacleToForgetting(KafkaClients clients, String topic) {
        try (Admin admin = clients.admin("velox-topic-check")) {
            return LogSettings.obstacle(
                    topic, Objects.requireNonNull(configs(admin, List.of(topic)).get(topic), topic));
        }
    }

    private static Map<String, Config> configs(Admin admin, Collection<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        try {
            return admin.describeConfigs(resources).all().get().entrySet().stream()
                    .collect(Collectors.toMap(config -> config.getKey().name(), Map.Entry::getValue));
        } catch (ExecutionException e) {
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE,
                    "the settings of topics " + topics + " cannot be read: " + e.getCause(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE, "interrupted while reading the settings of topics " + topics, e);
        }
    }
}
