package io.velox.serving.access;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is made of files, and made anew when they change.
 *
 * <p>A change counts when two checks in a row find the same bytes, so that a file that is being written is left alone. When the new
 * bytes make no value, the old one stays, and {@link #trouble} says why. Single writer: one thread calls {@link #check}; any thread
 * reads.
 */
public final class Reloaded<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);
    private static final int MAX_BYTES = 1 << 20;

    private final String key;
    private final List<Path> files;
    private final Function<List<byte[]>, T> maker;
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    /** What the current value is made of. */
    private List<byte[]> made;

    /** What the last check found; null if it found nothing readable. */
    private @Nullable List<byte[]> seen;

    private volatile T current;
    private volatile @Nullable String trouble;

    private Reloaded(String key, List<Path> files, Function<List<byte[]>, T> maker) {
        this.key = key;
        this.files = List.copyOf(files);
        this.maker = maker;
        this.made = contents();
        this.current = maker.apply(made);
    }

    /**
     * Makes the value for the first time.
     *
     * @param key of the configuration, for complaints
     * @param maker throws a {@code VeloxException} of {@code INVALID_CONFIGURATION} when the bytes of the files make no value
     * @throws VeloxException what {@code maker} throws, and of the same kind when a file cannot be read
     */
    static <T> Reloaded<T> of(String key, List<Path> files, Function<List<byte[]>, T> maker) {
        return new Reloaded<>(key, files, maker);
    }

    public T current() {
        return current;
    }

    /** Why the value is older than the files. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Tells of each value that replaces an earlier one, on the thread of the check. */
    public void onChange(Consumer<T> listener) {
        listeners.add(listener);
    }

    /** Looks whether the files have changed. */
    void check() {
        List<byte[]> now;
        try {
            now = contents();
        } catch (VeloxException e) {
            seen = null;
            report(e);
            return;
        }
        boolean isSettled = seen != null && same(now, seen);
        seen = now;
        if (same(now, made)) {
            trouble = null;
        } else if (isSettled) {
            make(now);
        }
    }

    private void make(List<byte[]> contents) {
        try {
            T value = maker.apply(contents);
            current = value;
            made = contents;
            trouble = null;
            LOG.info("{} has changed, and is taken up", key);
            listeners.forEach(listener -> listener.accept(value));
        } catch (VeloxException e) {
            report(e);
        }
    }

    private void report(VeloxException e) {
        String problem = String.valueOf(e.getMessage());
        if (!problem.equals(trouble)) {
            LOG.error("{}; what was read before stays good", problem);
        }
        trouble = problem;
    }

    private List<byte[]> contents() {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_BYTES + 1);
                if (content.length > MAX_BYTES) {
                    throw problem(file + " must have at most " + MAX_BYTES + " bytes");
                }
                contents.add(content);
            } catch (IOException e) {
                throw problem(file + " cannot be read: " + e);
            }
        }
        return contents;
    }

    private VeloxException problem(String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, key, key + ": " + message);
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        return Arrays.deepEquals(some.toArray(), others.toArray());
    }
}
