package io.velox.serving.features;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk as a file system {@code gated:} whose positioned reads a test can count, hold up, and let fail. The state is static,
 * because Hadoop makes the instances: one test at a time.
 */
public final class GatedFileSystem extends RawLocalFileSystem {
    /** Passes a read, after a while, or throws. */
    @FunctionalInterface
    public interface Gate {
        void pass() throws IOException;
    }

    static final List<String> READERS = new CopyOnWriteArrayList<>();

    private static volatile Gate gate = () -> {};

    /** All reads pass, and none is on record. */
    public static void reset() {
        set(() -> {});
        READERS.clear();
    }

    /** The thread of each positioned read. */
    public static List<String> readers() {
        return List.copyOf(READERS);
    }

    public static void set(Gate next) {
        gate = next;
    }

    @Override
    public URI getUri() {
        return URI.create("gated:///");
    }

    @Override
    public String getScheme() {
        return "gated";
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        return new FSDataInputStream(new Gated(super.open(file, bufferSize)));
    }

    private static final class Gated extends FSInputStream {
        private final FSDataInputStream in;

        Gated(FSDataInputStream in) {
            this.in = in;
        }

        @Override
        public int read(long position, byte[] buffer, int offset, int length) throws IOException {
            READERS.add(Thread.currentThread().getName());
            gate.pass();
            return in.read(position, buffer, offset, length);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return in.read(buffer, offset, length);
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public boolean seekToNewSource(long position) {
            return false;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
