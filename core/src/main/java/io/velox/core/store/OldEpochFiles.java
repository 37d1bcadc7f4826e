package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What a store holds of the epochs before one: files of the archive, and folders of checkpoints. Nothing reads any of it.
 *
 * @param archive addresses relative to the store's root
 * @param checkpoints folders, relative to the store's root
 */
public record OldEpochFiles(List<String> archive, List<String> checkpoints) {
    public OldEpochFiles {
        archive = List.copyOf(archive);
        checkpoints = List.copyOf(checkpoints);
    }

    /**
     * Finds it. Blocks.
     *
     * @param epoch the one whose files stay
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static OldEpochFiles before(ModelStore store, int epoch) {
        try {
            List<String> archive = new ArrayList<>();
            for (FileStatus date : children(store, new Path(store.root(), ArchiveFile.FOLDER))) {
                for (FileStatus file : children(store, date.getPath())) {
                    ArchiveFile.parse(date.getPath().getName(), file.getPath().getName())
                            .filter(archived -> archived.epoch() < epoch)
                            .ifPresent(archived -> archive.add(archived.address()));
                }
            }
            List<String> checkpoints = new ArrayList<>();
            for (int older = 0; older < epoch; older++) {
                String folder = "checkpoints" + Topics.suffix(older);
                if (store.fileSystem().exists(new Path(store.root(), folder))) {
                    checkpoints.add(folder);
                }
            }
            return new OldEpochFiles(archive, checkpoints);
        } catch (IOException e) {
            throw unavailable(store, e);
        }
    }

    /**
     * Deletes all of it; what an interruption leaves is found again.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void delete(ModelStore store) {
        try {
            for (String file : archive) {
                store.fileSystem().delete(new Path(store.root(), file), false);
            }
            for (String folder : checkpoints) {
                store.fileSystem().delete(new Path(store.root(), folder), true);
            }
        } catch (IOException e) {
            throw unavailable(store, e);
        }
    }

    private static FileStatus[] children(ModelStore store, Path folder) throws IOException {
        try {
            return store.fileSystem().listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    private static VeloxException unavailable(ModelStore store, IOException e) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE,
                "the files of old epochs in " + store.root() + " cannot be cleared: " + e,
                e);
    }
}
