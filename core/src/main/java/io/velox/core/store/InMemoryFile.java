package io.velox.core.store;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;

/** A file that was read whole, in the form that Hadoop's readers want. Single reader. */
final class InMemoryFile extends ByteArrayInputStream implements Seekable, PositionedReadable {
    InMemoryFile(byte[] content) {
        super(content);
    }

    @Override
    public synchronized void seek(long position) throws EOFException {
        if (position < 0 || position > count) {
            throw new EOFException("position " + position + " of " + count);
        }
        pos = (int) position;
    }

    @Override
    public synchronized long getPos() {
        return pos;
    }

    @Override
    public boolean seekToNewSource(long position) {
        return false;
    }

    @Override
    public synchronized int read(long position, byte[] buffer, int offset, int length) {
        if (position < 0 || position >= count) {
            return -1;
        }
        int n = (int) Math.min(length, count - position);
        System.arraycopy(buf, (int) position, buffer, offset, n);
        return n;
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws EOFException {
        if (read(position, buffer, offset, length) < length) {
            throw new EOFException("position " + (position + length) + " of " + count);
        }
    }

    @Override
    public void readFully(long position, byte[] buffer) throws EOFException {
        readFully(position, buffer, 0, buffer.length);
    }
}
