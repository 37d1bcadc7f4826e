package io.velox.core.store;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.jspecify.annotations.Nullable;

/**
 * One part of a factor table that stays in the store. It is read in blocks of consecutive rows, one for each entry of its index (at
 * most 128 rows), by positioned reads.
 *
 * <p>When it is opened, the whole file is held against the manifest's checksum, in bounded memory, and a checksum of each block is
 * kept: whatever is read later is what was verified then. Safe for use from any thread; every method blocks.
 */
final class StoredPart {
    private static final int MAX_BLOCK_BYTES = 64 << 20;
    /** Streams kept open between reads; while more read at once, each has its own. */
    private static final int IDLE_STREAMS = 2;

    private final FileSystem files;
    private final Path path;
    private final String name;
    private final Text[] firstIds;
    /** Where each block begins, and at last where the file ends; the header is before the first. */
    private final long[] starts;

    private final byte[] header;
    private final int[] checksums;
    private final ArrayBlockingQueue<FSDataInputStream> idle = new ArrayBlockingQueue<>(IDLE_STREAMS);
    private volatile boolean isClosed;

    private StoredPart(FileSystem files, Path path, String name, StoredFile data, List<FactorFile.IndexEntry> index) {
        int blocks = index.size();
        this.files = files;
        this.path = path;
        this.name = name;
        this.firstIds = new Text[blocks];
        this.starts = new long[blocks + 1];
        this.checksums = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            firstIds[block] = index.get(block).id();
            starts[block] = index.get(block).position();
        }
        starts[blocks] = data.bytes();
        long before = 0;
        for (long start : starts) {
            if (start <= before || start - before > MAX_BLOCK_BYTES) {
                throw ModelStore.corrupt(name + " has an index that does not fit it, at position " + start, null);
            }
            before = start;
        }
        this.header = new byte[(int) starts[0]];
    }

    /**
     * Verifies the data against the manifest.
     *
     * @param name of the file, for messages
     * @param index verified already
     * @throws io.velox.core.error.VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    static StoredPart open(
            FileSystem files, Path path, String name, StoredFile data, List<FactorFile.IndexEntry> index) {
        StoredPart part = new StoredPart(files, path, name, data, index);
        try (InputStream in = files.open(path)) {
            part.verify(in, data);
        } catch (FileNotFoundException e) {
            throw ModelStore.corrupt(name + " is missing", e);
        } catch (IOException e) {
            throw ModelStore.unavailable(name, e);
        }
        return part;
    }

    private void verify(InputStream in, StoredFile data) throws IOException {
        MessageDigest digest = Sha256.digest();
        boolean isWhole = in.readNBytes(header, 0, header.length) == header.length;
        digest.update(header);
        byte[] block = new byte[0];
        for (int i = 0; i < blocks() && isWhole; i++) {
            int length = length(i);
            block = block.length < length ? new byte[length] : block;
            isWhole = in.readNBytes(block, 0, length) == length;
            digest.update(block, 0, length);
            checksums[i] = checksum(block, 0, length);
        }
        if (!isWhole || in.read() >= 0 || !Sha256.of(digest).equals(data.sha256())) {
            throw ModelStore.corrupt(name + " does not have the length and checksum that the manifest gives", null);
        }
    }

    String name() {
        return name;
    }

    int blocks() {
        return checksums.length;
    }

    Text firstId(int block) {
        return firstIds[block];
    }

    /** In bytes. */
    int length(int block) {
        return (int) (starts[block + 1] - starts[block]);
    }

    /**
     * The rows of one block, in order.
     *
     * @throws io.velox.core.error.VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    void read(int block, FactorFile.RowConsumer consumer) {
        read(block, block + 1, consumer);
    }

    /** The rows of some consecutive blocks, in order, by one read; fails as {@link #read(int, FactorFile.RowConsumer)} does. */
    void read(int from, int to, FactorFile.RowConsumer consumer) {
        byte[] content = Arrays.copyOf(header, (int) (header.length + starts[to] - starts[from]));
        readFully(starts[from], content, header.length);
        int at = header.length;
        for (int block = from; block < to; block++) {
            if (checksum(content, at, length(block)) != checksums[block]) {
                throw ModelStore.corrupt(name + " is not what it was when it was opened", null);
            }
            at += length(block);
        }
        try {
            FactorFile.read(files, content, consumer);
        } catch (IOException e) {
            throw ModelStore.corrupt(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void readFully(long position, byte[] content, int offset) {
        FSDataInputStream in = idle.poll();
        try {
            in = in == null ? files.open(path) : in;
            in.readFully(position, content, offset, content.length - offset);
        } catch (EOFException e) {
            close(in);
            throw ModelStore.corrupt(name + " is shorter than it was when it was opened", e);
        } catch (IOException e) {
            // A file that was here when it was opened is not lost: the store is not as it should be.
            close(in);
            throw ModelStore.unavailable(name, e);
        }
        if (isClosed || !idle.offer(in)) {
            close(in);
        } else if (isClosed) {
            close();
        }
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }

    /** Closes what is open between reads; reads still work, each with a stream of its own. */
    void close() {
        isClosed = true;
        for (FSDataInputStream in = idle.poll(); in != null; in = idle.poll()) {
            close(in);
        }
    }

    private static void close(@Nullable FSDataInputStream in) {
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                // Nothing was written to it, so that nothing is lost.
            }
        }
    }
}
