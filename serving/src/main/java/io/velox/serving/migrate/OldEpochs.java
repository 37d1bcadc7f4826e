package io.velox.serving.migrate;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import io.velox.core.store.EpochFiles;
import io.velox.core.store.ModelStore;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.LogEpochs;
import io.velox.serving.log.LogEpochs.Epoch;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * What the epochs before the one that Velox runs on have left: their topics, their part of the archive, their checkpoints. Nothing reads
 * any of it.
 *
 * @param topics by name
 */
public record OldEpochs(List<String> topics, EpochFiles files) {
    public OldEpochs {
        topics = List.copyOf(topics);
    }

    /**
     * Finds it. Blocks.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION} if the configuration names another epoch than the log's, so that it is not
     *     certain what may go; {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public static OldEpochs find(VeloxConfiguration configuration) {
        KafkaConfiguration kafka = configuration.kafka();
        List<String> topics;
        try (Admin admin = admin(configuration)) {
            LogEpochs epochs = LogEpochs.read(admin, kafka);
            if (epochs.newestComplete()
                    .filter(epoch -> epoch.number() == kafka.epoch())
                    .isEmpty()) {
                throw VeloxException.ofField(
                        ErrorCode.INVALID_CONFIGURATION,
                        "kafka.epoch",
                        "kafka.epoch is " + kafka.epoch() + ", but the epochs of the log are "
                                + epochs.all().stream().map(Epoch::number).toList()
                                + "; set it to the last one first, and start Velox on it");
            }
            topics = IntStream.range(0, kafka.epoch())
                    .mapToObj(epoch -> new Topics(kafka.topicPrefix(), epoch))
                    .flatMap(names -> Stream.of(names.observations(), names.userUpdates(), names.itemUpdates()))
                    .toList();
        }
        try (ModelStore store = store(configuration)) {
            return new OldEpochs(topics, EpochFiles.before(store, kafka.epoch()));
        }
    }

    /**
     * Deletes all of it, the topics last: what an interruption leaves is found again.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public void delete(VeloxConfiguration configuration) {
        try (ModelStore store = store(configuration)) {
            files.delete(store);
        }
        try (Admin admin = admin(configuration)) {
            LogEpochs.delete(admin, topics);
        }
    }

    private static Admin admin(VeloxConfiguration configuration) {
        return new KafkaClients(configuration.kafka().bootstrapServers()).admin("velox-migrate");
    }

    static ModelStore store(VeloxConfiguration configuration) {
        return ModelStore.open(
                URI.create(configuration.store().root()), configuration.store().hadoop());
    }
}
