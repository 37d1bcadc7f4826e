package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The keys of impressions in the store, under {@code keys/impressions}: each a file of its own, 32 random bytes. All nodes sign with the one
 * whose name is the smallest and know all of them again, so that two nodes that make one at the same time are no harm. Blocks.
 */
public final class ImpressionKeyFiles {
    private static final int KEY_BYTES = 32;
    private static final short OWNER_ONLY = 0600;
    private static final String SUFFIX = ".key";

    private final FileSystem files;
    private final Path folder;

    public ImpressionKeyFiles(ModelStore store) {
        this.files = store.fileSystem();
        this.folder = new Path(store.root(), "keys/impressions");
    }

    /**
     * All keys, the one that signs first; makes one if there is none.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public List<byte[]> readOrMake() {
        try {
            if (list().isEmpty()) {
                make();
            }
            List<byte[]> keys = new ArrayList<>();
            for (Path file : list()) {
                try (InputStream in = files.open(file)) {
                    keys.add(in.readAllBytes());
                }
            }
            return keys;
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the keys of impressions in " + folder + " cannot be read: " + e, e);
        }
    }

    private void make() throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String name = UUID.randomUUID().toString();
        Path hidden = new Path(folder, ".writing-" + name);
        try (OutputStream out = files.create(hidden, false)) {
            files.setPermission(hidden, new FsPermission(OWNER_ONLY));
            out.write(key);
        }
        Path target = new Path(folder, name + SUFFIX);
        if (!files.rename(hidden, target)) {
            throw new IOException(hidden + " could not be renamed to " + target);
        }
    }

    private List<Path> list() throws IOException {
        List<Path> found = new ArrayList<>();
        try {
            for (FileStatus file : files.listStatus(folder)) {
                if (file.getPath().getName().endsWith(SUFFIX)) {
                    found.add(file.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
