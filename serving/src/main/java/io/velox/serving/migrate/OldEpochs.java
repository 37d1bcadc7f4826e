package io.velox.serving.migrate;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.LogEpochs;
import io.velox.serving.log.LogEpochs.Epoch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.admin.Admin;

/**
 * What the epochs before the one that Velox runs on have left: their topics, their part of the archive, their checkpoints. Nothing reads
 * any of it.
 *
 * @param topics by name
 * @param files of the archive
 * @param checkpoints folders
 */
public record OldEpochs(List<String> topics, List<Path> files, List<Path> checkpoints) {
    public OldEpochs {
        topics = List.copyOf(topics);
        files = List.copyOf(files);
        checkpoints = List.copyOf(checkpoints);
    }

    /**
     * Finds it. Blocks.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION} if the configuration names another epoch than the log's, so that what it is
     *     to go is not certain; {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public static OldEpochs find(VeloxConfiguration configuration) {
        KafkaConfiguration kafka = configuration.kafka();
        List<Integer> older = new ArrayList<>();
        try (Admin admin = new KafkaClients(kafka.bootstrapServers()).admin("velox-migrate")) {
            LogEpochs epochs = LogEpochs.read(admin, kafka);
            Epoch log = epochs.newestComplete()
                    .filter(epoch -> epoch.number() == kafka.epoch())
                    .orElseThrow(() -> VeloxException.ofField(
                            ErrorCode.INVALID_CONFIGURATION,
                            "kafka.epoch",
                            "kafka.epoch is " + kafka.epoch() + ", but the epochs of the log are "
                                    + epochs.all().stream().map(Epoch::number).toList()
                                    + "; set it to the last one first, and start Velox on it"));
            for (int epoch = 0; epoch < log.number(); epoch++) {
                older.add(epoch);
            }
        }
        List<String> topics = new ArrayList<>();
        for (int epoch : older) {
            Topics names = new Topics(kafka.topicPrefix(), epoch);
            topics.add(names.observations());
            topics.add(names.userUpdates());
        }
        try (ModelStore store = open(configuration)) {
            return new OldEpochs(topics, archive(store, kafka.epoch()), checkpoints(store, older));
        } catch (IOException e) {
            throw unavailable(configuration, e);
        }
    }

    private static List<Path> archive(ModelStore store, int epoch) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus date : children(store, new Path(store.root(), ArchiveFile.FOLDER))) {
            for (FileStatus file : children(store, date.getPath())) {
                ArchiveFile.parse(date.getPath().getName(), file.getPath().getName())
                        .filter(archived -> archived.epoch() < epoch)
                        .ifPresent(archived -> files.add(file.getPath()));
            }
        }
        return files;
    }

    private static List<Path> checkpoints(ModelStore store, List<Integer> epochs) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (int epoch : epochs) {
            Path folder = new Path(store.root(), "checkpoints" + Topics.suffix(epoch));
            if (store.fileSystem().exists(folder)) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static FileStatus[] children(ModelStore store, Path folder) throws IOException {
        try {
            return store.fileSystem().listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /**
     * Deletes all of it, the topics last: what an interruption leaves is found again.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public void delete(VeloxConfiguration configuration) {
        try (ModelStore store = open(configuration)) {
            for (Path file : files) {
                store.fileSystem().delete(file, false);
            }
            for (Path folder : checkpoints) {
                store.fileSystem().delete(folder, true);
            }
        } catch (IOException e) {
            throw unavailable(configuration, e);
        }
        try (Admin admin = new KafkaClients(configuration.kafka().bootstrapServers()).admin("velox-migrate")) {
            LogEpochs.delete(admin, topics);
        }
    }

    private static ModelStore open(VeloxConfiguration configuration) {
        return ModelStore.open(
                URI.create(configuration.store().root()), configuration.store().hadoop());
    }

    private static VeloxException unavailable(VeloxConfiguration configuration, IOException e) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE,
                "the store " + configuration.store().root() + " does not give up what is old: " + e,
                e);
    }
}
