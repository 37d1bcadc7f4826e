package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.store.ModelStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link PurgeProgress} in the store, as {@code forgetting/progress-<number>.json}: nothing there is overwritten, so each is a new
 * file, and the highest number counts. Single writer; blocks.
 */
final class ProgressFile {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);
    private static final String NAME = "progress-\\d{12}\\.json";

    private final FileSystem files;
    private final Path folder;

    ProgressFile(ModelStore store) {
        this.files = store.fileSystem();
        this.folder = new Path(store.root(), "forgetting");
    }

    /**
     * What was written last; empty if nothing was, or if it cannot be understood.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    Optional<PurgeProgress> read() {
        List<Path> found = list();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Path newest = found.get(found.size() - 1);
        byte[] json;
        try (InputStream in = files.open(newest)) {
            json = in.readAllBytes();
        } catch (IOException e) {
            throw unavailable(e);
        }
        try {
            return Optional.of(RecordCodec.read(json, PurgeProgress.class));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be understood, and the log is searched from its beginning: {}", newest, e.toString());
            return Optional.empty();
        }
    }

    /** @throws VeloxException {@code STORE_UNAVAILABLE} */
    void write(PurgeProgress progress) {
        List<Path> before = list();
        long number = before.isEmpty() ? 1 : number(before.get(before.size() - 1)) + 1;
        Path target = new Path(folder, String.format(Locale.ROOT, "progress-%012d.json", number));
        Path hidden = new Path(folder, ".progress-" + UUID.randomUUID());
        try {
            try (OutputStream out = files.create(hidden, false)) {
                out.write(RecordCodec.write(progress));
            }
            if (!files.rename(hidden, target)) {
                throw new IOException(hidden + " could not be renamed to " + target);
            }
            for (Path old : before) {
                files.delete(old, false);
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getName().replaceAll("\\D", ""));
    }

    /** In ascending order. */
    private List<Path> list() {
        try {
            List<Path> found = new ArrayList<>();
            for (FileStatus file : files.listStatus(folder)) {
                if (file.getPath().getName().matches(NAME)) {
                    found.add(file.getPath());
                }
            }
            found.sort(null);
            return found;
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private VeloxException unavailable(IOException e) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE, "the progress of forgetting in " + folder + " cannot be kept: " + e, e);
    }
}
