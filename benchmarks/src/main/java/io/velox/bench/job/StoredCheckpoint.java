package io.velox.bench.job;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;

/**
 * A checkpoint in the store.
 *
 * @param bytes of everything that it consists of, what it shares with earlier ones included
 * @param tableBytes of these, RocksDB's tables of keyed state: what was live when it was taken
 */
public record StoredCheckpoint(long bytes, long tableBytes) {

    /** The one written last below a folder of checkpoints. */
    static StoredCheckpoint newest(Path checkpoints) throws IOException {
        List<Path> complete;
        try (Stream<Path> files = Files.walk(checkpoints)) {
            complete = files.filter(file -> file.endsWith("_metadata")).toList();
        }
        Path newest = complete.stream()
                .max(Comparator.comparing(StoredCheckpoint::modified))
                .orElseThrow(() -> new IOException("there is no checkpoint in " + checkpoints));
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(newest)))) {
            CheckpointMetadata metadata = Checkpoints.loadCheckpointMetadata(
                    in, StoredCheckpoint.class.getClassLoader(), String.valueOf(newest.getParent()));
            return new StoredCheckpoint(stateBytes(metadata) + Files.size(newest), tableBytes(metadata));
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // deleted meanwhile: a later one has taken its place
        }
    }

    private static long stateBytes(CheckpointMetadata metadata) {
        return metadata.getOperatorStates().stream()
                .mapToLong(OperatorState::getStateSize)
                .sum();
    }

    private static long tableBytes(CheckpointMetadata metadata) {
        return metadata.getOperatorStates().stream()
                .flatMap(operator -> operator.getStates().stream())
                .flatMap(subtask -> subtask.getManagedKeyedState().stream())
                .mapToLong(StoredCheckpoint::tableBytes)
                .sum();
    }

    private static long tableBytes(KeyedStateHandle keyed) {
        return keyed instanceof IncrementalRemoteKeyedStateHandle incremental
                ? incremental.getSharedState().stream()
                        .mapToLong(file -> file.getHandle().getStateSize())
                        .sum()
                : 0;
    }
}
