package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What a store holds of some epochs of the log: files of the archive, and folders of checkpoints.
 *
 * @param archive addresses relative to the store's root
 * @param checkpoints folders, relative to the store's root
 */
public record EpochFiles(List<String> archive, List<String> checkpoints) {
    /** As the job's folder is named: nothing is added for the first epoch. */
    private static final Pattern CHECKPOINTS = Pattern.compile("checkpoints(?:-([1-9]\\d{0,5}))?");

    public EpochFiles {
        archive = List.copyOf(archive);
        checkpoints = List.copyOf(checkpoints);
    }

    /**
     * Of the epochs before one: nothing reads any of it. Blocks.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static EpochFiles before(ModelStore store, int epoch) {
        return find(store, older -> older < epoch);
    }

    /**
     * Of an epoch and those after it: what a migration that was taken back has left, if the epoch is still to come. Blocks.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static EpochFiles from(ModelStore store, int epoch) {
        return find(store, later -> later >= epoch);
    }

    private static EpochFiles find(ModelStore store, IntPredicate epochs) {
        try {
            List<String> archive = new ArrayList<>();
            for (FileStatus date : children(store, new Path(store.root(), ArchiveFile.FOLDER))) {
                for (FileStatus file : children(store, date.getPath())) {
                    ArchiveFile.parse(date.getPath().getName(), file.getPath().getName())
                            .filter(archived -> epochs.test(archived.epoch()))
                            .ifPresent(archived -> archive.add(archived.address()));
                }
            }
            List<String> checkpoints = new ArrayList<>();
            for (FileStatus folder : children(store, store.root())) {
                Matcher name = CHECKPOINTS.matcher(folder.getPath().getName());
                if (name.matches() && epochs.test(name.group(1) == null ? 0 : Integer.parseInt(name.group(1)))) {
                    checkpoints.add(folder.getPath().getName());
                }
            }
            Collections.sort(checkpoints);
            return new EpochFiles(archive, checkpoints);
        } catch (IOException e) {
            throw unavailable(store, e);
        }
    }

    /**
     * Deletes them; those that are gone already are no error.
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
                "the files of other epochs in " + store.root() + " cannot be cleared: " + e,
                e);
    }
}
