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
 * A small document in the store that changes: in a folder of its own, as {@code <number>.json}. Nothing in the store is overwritten,
 * so each writing is a new file, and the highest number counts. Single writer; blocks.
 */
public final class StoredDocument {
    private static final String NAME = "\\d{12}\\.json";

    private final FileSystem files;
    private final Path folder;

    /** @param folder relative to the store's root */
    public StoredDocument(ModelStore store, String folder) {
        this.files = store.fileSystem();
        this.folder = new Path(store.root(), folder);
    }

    /**
     * What was written last; empty if nothing was.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public Optional<byte[]> read() {
        try {
            List<Path> found = list();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = files.open(found.get(found.size() - 1))) {
                return Optional.of(in.readAllBytes());
            }
        } catch (IOException e) {
            throw unavailable("read", e);
        }
    }

    /**
     * Writes the document anew, and deletes what it was before.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void write(byte[] content) {
        try {
            List<Path> before = list();
            long number = before.isEmpty() ? 1 : number(before.get(before.size() - 1)) + 1;
            Path target = new Path(folder, String.format(Locale.ROOT, "%012d.json", number));
            Path hidden = new Path(folder, ".writing-" + UUID.randomUUID());
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
            throw unavailable("written", e);
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getName().substring(0, file.getName().indexOf('.')));
    }

    /** In ascending order. */
    private List<Path> list() throws IOException {
        List<Path> found = new ArrayList<>();
        try {
            for (FileStatus file : files.listStatus(folder)) {
                if (file.getPath().getName().matches(NAME)) {
                    found.add(file.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    private VeloxException unavailable(String what, IOException e) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE, "the document in " + folder + " cannot be " + what + ": " + e, e);
    }
}
