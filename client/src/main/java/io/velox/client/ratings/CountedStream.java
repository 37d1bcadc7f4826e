package io.velox.client.ratings;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of a known size. Read by one thread, asked by any. */
final class CountedStream extends FilterInputStream {
    private final long size;
    private volatile long count;

    /**
     * A stream.
     *
     * @param size bytes to come; negative if unknown
     */
    CountedStream(InputStream in, long size) {
        super(in);
        this.size = size;
    }

    /** The share that has been read, or NaN where the size is unknown. */
    double fraction() {
        return size > 0 ? (double) count / size : Double.NaN;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        add(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        add(Math.max(0, read));
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reading thread only
    private void add(long bytes) {
        count += bytes;
    }
}
