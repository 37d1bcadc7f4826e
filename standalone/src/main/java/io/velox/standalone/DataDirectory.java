package io.velox.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder under which one Velox keeps everything, locked by the process that runs it.
 *
 * <p>The lock ends with the process, however it ends.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "velox.lock";
    private static final String STORE = "store-kind";

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Opens a data directory, making it if it is not there.
     *
     * @throws StartFailure if another process runs on it, and which one
     */
    public static DataDirectory open(Path directory, Clock clock) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StartFailure(root + " is in use by "
                        + Files.readString(root.resolve(LOCK)).strip()
                        + "; stop that one, or choose another --data-dir");
            }
            channel.truncate(0);
            String holder = "process " + ProcessHandle.current().pid() + ", started "
                    + clock.instant().truncatedTo(ChronoUnit.SECONDS);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            return new DataDirectory(root, channel);
        } catch (IOException e) {
            throw new StartFailure("the data directory " + root + " cannot be used: " + e, e);
        }
    }

    @Nullable
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    public Path root() {
        return root;
    }

    /** A folder of the data directory, made if it is not there. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new StartFailure("the folder " + root.resolve(name) + " cannot be made: " + e, e);
        }
    }

    /**
     * The kind of store, which stays what it was when the directory was first used.
     *
     * @param wanted by the command line, if it says so
     * @throws StartFailure if the directory has another kind
     */
    public StoreKind storeKind(Optional<StoreKind> wanted) {
        Path file = root.resolve(STORE);
        try {
            if (!Files.exists(file)) {
                StoreKind kind = wanted.orElse(StoreKind.file);
                Files.writeString(file, kind.name());
                return kind;
            }
            StoreKind kept = StoreKind.valueOf(Files.readString(file).strip());
            if (wanted.isPresent() && wanted.get() != kept) {
                throw new StartFailure(root + " was made with --store " + kept + " and cannot change to --store "
                        + wanted.get() + "; choose another --data-dir");
            }
            return kept;
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure(file + " cannot be read: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
