package io.velox.standalone;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

/** A file of state that a checkpoint's metadata names; {@code bytes} is the length that it must have. */
record StateFile(Path path, long bytes) {

    /** Every file that the metadata names; state that lies in the metadata itself has none. */
    static List<StateFile> of(CheckpointMetadata metadata) {
        List<StateFile> files = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                Stream.concat(operatorHandles(subtask), keyedHandles(subtask)).forEach(handle -> handle.maybeGetPath()
                        .ifPresent(path -> files.add(new StateFile(path, handle.getStateSize()))));
            }
        }
        return files;
    }

    private static Stream<? extends StreamStateHandle> operatorHandles(OperatorSubtaskState subtask) {
        return Stream.concat(subtask.getManagedOperatorState().stream(), subtask.getRawOperatorState().stream());
    }

    private static Stream<? extends StreamStateHandle> keyedHandles(OperatorSubtaskState subtask) {
        return Stream.concat(subtask.getManagedKeyedState().stream(), subtask.getRawKeyedState().stream())
                .flatMap(StateFile::streams);
    }

    private static Stream<? extends StreamStateHandle> streams(KeyedStateHandle keyed) {
        if (keyed instanceof IncrementalRemoteKeyedStateHandle incremental) {
            return Stream.concat(
                    Stream.of(incremental.getMetaDataStateHandle()),
                    Stream.concat(incremental.getSharedState().stream(), incremental.getPrivateState().stream())
                            .map(HandleAndLocalPath::getHandle));
        }
        return keyed instanceof StreamStateHandle stream ? Stream.of(stream) : Stream.empty();
    }

    /** @throws IOException if the file is not there or has another length */
    void verify() throws IOException {
        long found;
        try {
            found = path.getFileSystem().getFileStatus(path).getLen();
        } catch (FileNotFoundException e) {
            throw new IOException("its file " + path + " is missing", e);
        }
        if (found != bytes) {
            throw new IOException("its file " + path + " has " + found + " bytes instead of " + bytes);
        }
    }
}
