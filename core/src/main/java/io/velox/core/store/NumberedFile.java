package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
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

/**
 * One small content that changes, in a store where nothing is overwritten: as {@code folder/name-<number>.json}, of which the highest
 * number counts. Single writer; blocks.
 */
public final class NumberedFile {
    private final FileSystem files;
    private final Path folder;
    private final String name;

    /** {@code folder} is relative to the store's root. */
    public NumberedFile(ModelStore store, String folder, String name) {
        this.files = store.fileSystem();
        this.folder = new Path(store.root(), folder);
        this.name = name;
    }

    /**
     * What was written last; empty if nothing was.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public Optional<byte[]> read() {
        List<Path> found = list();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = files.open(found.get(found.size() - 1))) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /**
     * Puts {@code content} in place of what was there.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void write(byte[] content) {
        List<Path> before = list();
        long number = before.isEmpty() ? 1 : number(before.get(before.size() - 1)) + 1;
        Path target = new Path(folder, String.format(Locale.ROOT, "%s-%012d.json", name, number));
        Path hidden = new Path(folder, "." + name + "-" + UUID.randomUUID());
        try {
            try (OutputStream out = files.create(hidden, false)) {
                out.write(content);
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

    private long number(Path file) {
        String digits =
                file.getName().substring(name.length() + 1, file.getName().length() - ".json".length());
        return Long.parseLong(digits);
    }

    /** In ascending order. */
    private List<Path> list() {
        try {
            List<Path> found = new ArrayList<>();
            for (FileStatus file : files.listStatus(folder)) {
                if (file.getPath().getName().matches(name + "-\\d{12}\\.json")) {
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
                ErrorCode.STORE_UNAVAILABLE, name + " in " + folder + " cannot be read or kept: " + e, e);
    }
}
